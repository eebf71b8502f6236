"""Define the base of effects: outward acts as values, which use cases write to the transactional outbox."""

from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum
from typing import Any, ClassVar

#: Fields that have another name in the outbox's rows: as stored.
STORED_NAMES = {"dedupe_key": "once"}
#: Fields that rows have only where they are set: earlier versions, which do not know them, read the others.
STORED_IF_SET = frozenset({"board_of", "page_language", "time_zone"})


class Lane(IntEnum):
    """Priority among due jobs: acts for an agent first, then new cards, then the rest.

    An effect has the lane of its class, unless it is queued in a better one: a card's update that a person's
    act causes is in the agents' lane.
    """

    AGENT = 0
    CARD = 1
    BULK = 2


class Hold(StrEnum):
    """What a pause of all sending holds: `BROADCAST` always, an agent's `ANSWER` where it was asked for."""

    BROADCAST = "broadcast"
    ANSWER = "answer"


class Safety(StrEnum):
    """What may be done about an act whose outcome is unknown.

    `REPEAT`: it is idempotent and may be repeated. `RECONCILE`: check the other side first.
    """

    REPEAT = "repeat"
    RECONCILE = "reconcile"


@dataclass(frozen=True, slots=True)
class Effect:
    """One outward act. Its fields only identify it: data that can be read when it is performed is left out.

    `key` is unique in the outbox (deduplication). Where `coalesce` is true, a second effect with the same key
    is merged into the first while that is still waiting, and makes it due again after it was performed.
    `stream` keeps order: a row waits for earlier unsettled rows of its stream. `max_attempts` is the number
    of attempts before it fails for good, `None` for no limit. Where `asks_person` is true and checks cannot
    tell whether it happened, a person is asked to decide. `hold` says which pause of all sending holds it,
    `None` for none. The three templates are filled with the effect's own fields: "{0.case_id}" is the case's
    id.
    """

    kind: ClassVar[str]
    lane: ClassVar[Lane]
    safety: ClassVar[Safety]
    key_template: ClassVar[str]
    destination_template: ClassVar[str]
    stream_template: ClassVar[str] = ""
    coalesce: ClassVar[bool] = False
    max_attempts: ClassVar[int | None] = None
    asks_person: ClassVar[bool] = False
    hold: ClassVar[Hold | None] = None

    @property
    def case(self) -> int | None:
        """The id of its case; `None` where it has none."""
        case_id: int | None = getattr(self, "case_id", None)
        return case_id

    @property
    def outage(self) -> int | None:
        """The id of its outage; `None` where it has none."""
        outage_id: int | None = getattr(self, "outage_id", None)
        return outage_id

    @property
    def key(self) -> str:
        """The deduplication key."""
        return f"{self.kind}:{self.key_template.format(self)}"

    @property
    def destination(self) -> str:
        """The destination whose rate limit applies, such as "slack:post:C123" or "x:reply"."""
        return self.destination_template.format(self)

    @property
    def stream(self) -> str:
        """The stream that it is ordered in; its own key where order does not matter."""
        return self.stream_template.format(self) or self.key

    def payload(self) -> dict[str, Any]:
        """Return the fields as JSON-ready values, by the names that rows have for them."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            STORED_NAMES.get(name, name): value
            for name, value in values.items()
            if value or name not in STORED_IF_SET
        }
