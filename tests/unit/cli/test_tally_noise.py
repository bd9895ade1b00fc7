"""The law of the start of a counter, exactly, and the promise that rests on it."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import count, product

import pytest

from cli.tallying.noise import draw_noise, two_bits

RATIO = Fraction(3, 4)
DRAWS = 9  # coins of the longest run that is enumerated: 4^9 runs
TOO_FEW = IndexError


def law(z: int) -> Fraction:
    return Fraction(1, 7) * RATIO ** abs(z)


def coin_of(run: tuple[int, ...]) -> tuple[Callable[[], int], Callable[[], int]]:
    position = count()
    used = Counter[str]()

    def coin() -> int:
        used["coins"] += 1
        return run[next(position)]

    return coin, lambda: used["coins"]


def test_the_law_is_discrete_laplace_with_ratio_three_quarters() -> None:
    """Run the real function on every run of coins and add up what each outcome weighs."""
    weights: Counter[int] = Counter()
    unfinished = 0
    for run in product(range(4), repeat=DRAWS):
        coin, _ = coin_of(run)
        try:
            weights[draw_noise(coin)] += 1
        except TOO_FEW:
            unfinished += 1
    total = 4**DRAWS
    # A start of g1 - g2 takes g1 + g2 + 2 coins, so that this much of its law is enumerated.
    for z in range(-DRAWS, DRAWS + 1):
        pairs = [(g, g - z) for g in range(DRAWS) if g - z >= 0 and 2 * g - z + 2 <= DRAWS]
        expected = sum((Fraction(1, 16) * RATIO ** (a + b) for a, b in pairs), Fraction())
        assert Fraction(weights[z], total) == expected
        assert expected <= law(z)
    # What is missing is what had not ended, no more: the law is whole.
    missing = 1 - sum(Fraction(weight, total) for weight in weights.values())
    assert missing == Fraction(unfinished, total)


def test_the_sum_over_all_pairs_is_the_law() -> None:
    # P(g) = (1/4) r^g. The sum over pairs with one difference is a geometric series of r squared.
    series = 1 / (1 - RATIO**2)
    for z in range(-50, 51):
        assert Fraction(1, 16) * RATIO ** abs(z) * series == law(z)
    inner = sum((law(z) for z in range(-200, 201)), Fraction())
    tails = 2 * law(201) / (1 - RATIO)
    assert inner + tails == 1


def test_one_traveller_moves_no_chance_by_more_than_the_promise() -> None:
    counted = [law(y - 40) / law(y - 41) for y in range(-60, 141)]
    assert min(counted) == Fraction(3, 4)
    assert max(counted) == Fraction(4, 3)
    # The outcome moves two counters by one.
    assert max(a * b for a in counted for b in counted) == Fraction(16, 9) < 2


def test_coins_are_drawn_until_each_half_has_missed() -> None:
    coin, used = coin_of((3, 1, 0, 2, 0))
    assert draw_noise(coin) == 2 - 1
    assert used() == 5


def test_the_real_source_follows_the_law() -> None:
    """Chi-square of 100,000 draws; over 80 with 24 degrees of freedom: once in 17 million runs."""
    draws, far = 100_000, 12
    seen = Counter(max(-far, min(far, draw_noise())) for _ in range(draws))
    chances = {z: float(law(z)) for z in range(1 - far, far)}
    tail = float(law(far) / (1 - RATIO))
    chances |= {-far: tail, far: tail}
    assert sum(chances.values()) == pytest.approx(1)
    square = sum((seen[z] - draws * p) ** 2 / (draws * p) for z, p in chances.items())
    assert square < 80


def test_the_coin_has_four_sides() -> None:
    assert {two_bits() for _ in range(1_000)} == {0, 1, 2, 3}
