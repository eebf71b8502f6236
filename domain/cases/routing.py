"""Define what the rules of routing decided of a case."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """What was decided of a case when it opened, besides its channel.

    `rule` is the name of the rule that applied, `group` the id of the user group that its card mentions until
    somebody has claimed it. `rank_step` is 1 where the rule raises the rank, -1 where it lowers it.
    `customer_tags` are the names of the customer's tags, and follow them. `is_stranger`: a mail opened the
    case whose sender is not confirmed, or is nobody whom we have answered before.
    """

    rule: str | None = None
    group: str | None = None
    rank_step: int = 0
    customer_tags: tuple[str, ...] = ()
    is_stranger: bool = False


UNROUTED = Routing()
