"""The number that a counter starts with, so that what is stored is never the true count.

The discrete Laplace law with ratio 3/4: P(z) = (1/7) (3/4)^|z|. Integers only, because the law of
a floating-point sum has holes that tell the count. Two histories that differ in one traveller
give every sealed table with probabilities that differ by a factor of at most 4/3 for having been
counted at all, 16/9 for the outcome (``docs/tally.md``).
"""

import secrets
from collections.abc import Callable

# Gives 0, 1, 2 or 3, each with the same chance.
Coin = Callable[[], int]


def two_bits() -> int:
    """Draw two bits from the system's source of secrets."""
    return secrets.randbits(2)


def draw_noise(coin: Coin = two_bits) -> int:
    """Draw the start of one counter."""
    return _misses(coin) - _misses(coin)


def _misses(coin: Coin) -> int:
    """Count how often the coin is not zero before it is zero for the first time."""
    misses = 0
    while coin() != 0:
        misses += 1
    return misses
