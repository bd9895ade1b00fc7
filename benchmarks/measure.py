"""How a ratio is measured: both sides in turn, the best of the rounds, the median of the items."""

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

Item = TypeVar("Item")


class Row(NamedTuple):
    """One line of the table. ``higher_is_better`` turns goal and bound round."""

    name: str
    ratio: float
    goal: float
    bound: float
    note: str
    higher_is_better: bool = False

    @property
    def verdict(self) -> str:
        """Say where the ratio stands between goal and bound."""
        sign = -1 if self.higher_is_better else 1
        if sign * self.ratio <= sign * self.goal:
            return "goal met"
        return "within bound" if sign * self.ratio <= sign * self.bound else "OUT OF BOUND"


def ratio_of(
    items: Sequence[Item],
    measured: Callable[[Item], object],
    baseline: Callable[[Item], object],
    *,
    rounds: int = 60,
) -> tuple[float, float]:
    """Give the ratio, and the baseline in microseconds.

    For each item both are run in turn; the best of the rounds counts for each, which leaves out
    what other programs did meanwhile; the median over the items is the result.
    """
    clock = time.perf_counter
    best = [[float("inf")] * 2 for _ in items]
    for _ in range(rounds):
        for item, mine in zip(items, best, strict=True):
            start = clock()
            baseline(item)
            middle = clock()
            measured(item)
            end = clock()
            mine[0] = min(mine[0], middle - start)
            mine[1] = min(mine[1], end - middle)
    ratio = statistics.median(after / before for before, after in best)
    return ratio, statistics.median(before for before, _ in best) * 1e6
