"""``reduce``: an array folded from the left, in bounded work.

Source: CertLogic specification 1.3.3. The lambda sees ``current`` and ``accumulator`` and nothing
of the data outside. Everything else in a rule is evaluated at most once, so that the number of its
nodes bounds the work; only here is it counted while it is done.
"""

from verifier.limits import LOGIC_REDUCED
from verifier.rules.paths import walk
from verifier.rules.unknown import UNKNOWN
from verifier.rules.values import Closure, NotEvaluable, Value, is_unknown, known

# An item of an array that `in` looks through costs about a sixteenth of a node.
_ITEMS_A_STEP = 16


class Budget:
    """How many nodes the folds of one evaluation may still evaluate."""

    __slots__ = ("_left",)

    def __init__(self, steps: int) -> None:
        """Begin with so many steps."""
        self._left = steps

    def spend(self, steps: int) -> None:
        """Take steps away. Raises ``NotEvaluable`` when too few are left."""
        self._left -= steps
        if self._left < 0:
            message = "the reductions of a rule take too many steps"
            raise NotEvaluable(message)


class Fold:
    """What a lambda sees of its reduction, and the budget that reductions inside it share."""

    __slots__ = ("accumulator", "budget", "current")

    def __init__(self, accumulator: Value, budget: Budget) -> None:
        """Begin with the initial value."""
        self.accumulator = accumulator
        self.current: Value = None
        self.budget = budget


def reduction(
    operand: Closure, step: Closure, initial: Closure, *, nodes: int, share: int | None
) -> Closure:
    """``reduce``, with the nodes of its lambda.

    ``share`` is the budget of a reduction at the outside; one inside a lambda has ``None`` and
    spends that of the fold that it is evaluated in.
    """

    def run(data: Value) -> Value:
        items = operand(data)
        if items is None:
            return initial(data)
        if is_unknown(items):
            return UNKNOWN
        if type(items) is not list or len(items) > LOGIC_REDUCED:
            message = f"reduce goes over null or an array of at most {LOGIC_REDUCED} items"
            raise NotEvaluable(message)
        budget = data.budget if share is None else Budget(share)
        budget.spend(len(items) * nodes)
        fold = Fold(known(initial(data)), budget)
        for item in items:
            fold.current = item
            fold.accumulator = known(step(fold))
        return fold.accumulator

    return run


def fold_reader(path: str) -> Closure:
    """Give what reads a path inside a lambda."""
    name, *names = path.split(".")
    below = tuple(names)
    match name:
        case "current":
            return lambda fold: walk(below, fold.current)
        case "accumulator":
            return lambda fold: walk(below, fold.accumulator)
        case "":
            return lambda fold: {"current": fold.current, "accumulator": fold.accumulator}
    return lambda _: None


def charged(haystack: Closure) -> Closure:
    """Count looking through an array inside a lambda as work, too."""

    def run(fold: Fold) -> Value:
        items = haystack(fold)
        if type(items) is list:
            fold.budget.spend(len(items) // _ITEMS_A_STEP)
        return items

    return run
