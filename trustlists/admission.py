"""What holds for every list that comes into a store: its environment, its age, no step back."""

from trustlists.records import Ages
from verifier.clock import Instant
from verifier.errors import EnvironmentMixed, TrustListRollback
from verifier.trust import Environment


def ages_within(ages: Ages, max_age: int | None, expires: Instant | None, as_of: Instant) -> Ages:
    """Say how old a list may grow: the operator's word, else its dialect's; never past its end."""
    too_old = ages.too_old if max_age is None else max_age
    if expires is not None:
        too_old = min(too_old, max(expires - as_of, 0))
    return Ages(min(ages.stale, too_old), too_old)


def environment_of(
    name: str,
    said: Environment | None,
    wanted: Environment | None,
    present: frozenset[Environment],
    *,
    mixed: bool,
) -> Environment:
    """Decide to which environment a list belongs, by its own word, the operator's, or the store's.

    Raises ``EnvironmentMixed``.
    """
    if said and wanted and said != wanted:
        message = f"{name} belongs to {said}, not {wanted}.\nLeave out --environment."
        raise EnvironmentMixed(message)
    said = said or wanted
    if said is None and len(present) > 1:
        message = f"The store mixes environments, and {name} does not say its own.\n"
        raise EnvironmentMixed(message + "Say it with --environment.")
    said = said or next(iter(present), Environment.PRODUCTION)
    if present and said not in present and not mixed:
        held = " and ".join(sorted(present))
        message = f"{name} belongs to {said}, and the store to {held}.\n"
        raise EnvironmentMixed(message + "Give it a store of its own with --store.")
    return said


def demand_no_step_back(name: str, sequence: int | None, reached: int | None) -> None:
    """Refuse a list that is older than the store's edition. Raises ``TrustListRollback``."""
    if reached is not None and (sequence is None or sequence < reached):
        message = (
            f"This edition of {name} is older than the one in the store.\n"
            "Fetch the newest one. The store keeps what it has."
        )
        raise TrustListRollback(message)
