import pytest

from verifier.limits import FRESH_SECONDS, STALE_SECONDS
from verifier.trust import Environment, Freshness, TrustList

AS_OF = 1_796_126_400
LIST = TrustList("a list", Environment.SPECIMEN, AS_OF)


@pytest.mark.parametrize(
    ("age", "freshness"),
    [
        (0, Freshness.FRESH),
        (-1, Freshness.FRESH),
        (-10 * STALE_SECONDS, Freshness.FRESH),
        (FRESH_SECONDS, Freshness.FRESH),
        (FRESH_SECONDS + 1, Freshness.STALE),
        (STALE_SECONDS, Freshness.STALE),
        (STALE_SECONDS + 1, Freshness.TOO_OLD),
        (100 * STALE_SECONDS, Freshness.TOO_OLD),
    ],
)
def test_a_list_is_fresh_then_stale_then_too_old(age: int, freshness: Freshness) -> None:
    assert LIST.freshness(AS_OF + age) is freshness


def test_fresh_is_a_week_and_too_old_is_after_sixty_days() -> None:
    assert FRESH_SECONDS == 7 * 24 * 3600
    assert STALE_SECONDS == 60 * 24 * 3600


def test_the_worlds_and_ages_have_the_words_of_the_contract() -> None:
    assert [each.value for each in Freshness] == ["fresh", "stale", "too_old"]
    assert [each.value for each in Environment] == [
        "production", "acceptance", "development", "specimen",
    ]  # fmt: skip
