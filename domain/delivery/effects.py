"""Outward acts as values. A use case decides them; they are rows in the outbox before anything leaves the house."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any, ClassVar


class Lane(IntEnum):
    """Which act goes first when several are due: an agent's, then a new card, then the rest."""

    AGENT = 0
    CARD = 1
    BULK = 2


class Safety(StrEnum):
    """What may be done about an act whose outcome is unknown.

    `REPEAT`: doing it twice is doing it once. `RECONCILE`: read the other side before anything else.
    """

    REPEAT = "repeat"
    RECONCILE = "reconcile"


@dataclass(frozen=True, slots=True)
class Effect:
    """One outward act. Subclasses name what it needs; nothing that could be read when it is performed.

    `key` is unique in the outbox. Where `coalesce` is true a second one with the same key, while the first is still
    waiting, is the same act; after the first went out it is due again.
    `stream` keeps order: a row waits for earlier unsettled rows of its stream.
    `tries` is how often it is tried before it is given up, `None` for as long as it takes. Where `asks_person` is true and the
    other side does not tell whether it happened, a person is asked.
    The three templates are filled with the effect's own fields: "{0.case_id}" is the case's id.
    """

    kind: ClassVar[str]
    lane: ClassVar[Lane]
    safety: ClassVar[Safety]
    same_when: ClassVar[str]
    goes_to: ClassVar[str]
    follows: ClassVar[str] = ""
    coalesce: ClassVar[bool] = False
    tries: ClassVar[int | None] = None
    asks_person: ClassVar[bool] = False

    @property
    def case(self) -> int | None:
        """The id of the case that it is about, where it is about one."""
        case_id: int | None = getattr(self, "case_id", None)
        return case_id

    @property
    def key(self) -> str:
        """What makes this act the same act."""
        return f"{self.kind}:{self.same_when.format(self)}"

    @property
    def destination(self) -> str:
        """Whose pace it must keep, such as "slack:post:C123" or "x:reply"."""
        return self.goes_to.format(self)

    @property
    def stream(self) -> str:
        """What it must stay in order with; its own key where nothing."""
        return self.follows.format(self) or self.key

    def payload(self) -> dict[str, Any]:
        """The fields as JSON-ready values."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(frozen=True, slots=True)
class PostCard(Effect):
    """Post the case's card in its channel, once; `again` tells a new card from one that is gone."""

    case_id: int
    channel: str
    again: int = 0
    kind: ClassVar[str] = "post_card"
    lane: ClassVar[Lane] = Lane.CARD
    safety: ClassVar[Safety] = Safety.RECONCILE
    same_when: ClassVar[str] = "{0.case_id}:{0.channel}:{0.again}"
    goes_to: ClassVar[str] = "slack:post:{0.channel}"
    follows: ClassVar[str] = "slack:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class UpdateCard(Effect):
    """Bring the case's card up to date; a burst of changes becomes one update."""

    case_id: int
    kind: ClassVar[str] = "update_card"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    same_when: ClassVar[str] = "{0.case_id}"
    goes_to: ClassVar[str] = "slack:update"
    follows: ClassVar[str] = "slack:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class PostThread(Effect):
    """Tell the case's thread whatever of the trail it does not show yet."""

    case_id: int
    channel: str
    kind: ClassVar[str] = "post_thread"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    coalesce: ClassVar[bool] = True
    same_when: ClassVar[str] = "{0.case_id}"
    goes_to: ClassVar[str] = "slack:post:{0.channel}"
    follows: ClassVar[str] = "slack:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class RedrawThread(Effect):
    """Draw a message of the case's thread anew, as what it tells of now stands: a post in it is gone."""

    case_id: int
    ts: str
    kind: ClassVar[str] = "redraw_thread"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    same_when: ClassVar[str] = "{0.case_id}:{0.ts}"
    goes_to: ClassVar[str] = "slack:update"


@dataclass(frozen=True, slots=True)
class DraftReply(Effect):
    """Ask the model for a draft that answers the case's message `message_id`."""

    case_id: int
    message_id: int
    kind: ClassVar[str] = "draft_reply"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    tries: ClassVar[int | None] = 2
    same_when: ClassVar[str] = "{0.case_id}:{0.message_id}"
    goes_to: ClassVar[str] = "model"


@dataclass(frozen=True, slots=True)
class SendReply(Effect):
    """Send our stored message `message_id` as a public reply."""

    message_id: int
    case_id: int
    network: str
    attempt: int = 1
    kind: ClassVar[str] = "send_reply"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    tries: ClassVar[int | None] = 6
    asks_person: ClassVar[bool] = True
    same_when: ClassVar[str] = "{0.message_id}:{0.attempt}"
    goes_to: ClassVar[str] = "{0.network}:reply"
    follows: ClassVar[str] = "{0.network}:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class LinkReply(Effect):
    """Find our public reply `message_id`, which a person saw on the network, for its link."""

    message_id: int
    case_id: int
    network: str
    kind: ClassVar[str] = "link_reply"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.REPEAT
    tries: ClassVar[int | None] = 5
    same_when: ClassVar[str] = "{0.message_id}"
    goes_to: ClassVar[str] = "{0.network}:find"


@dataclass(frozen=True, slots=True)
class SendPrivate(Effect):
    """Send our stored message `message_id` to the customer in a private venue; `network` is that of the case, for direct messages."""

    message_id: int
    case_id: int
    venue: str
    attempt: int = 1
    network: str = ""
    kind: ClassVar[str] = "send_private"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    tries: ClassVar[int | None] = 6
    asks_person: ClassVar[bool] = True
    same_when: ClassVar[str] = "{0.message_id}:{0.attempt}"
    goes_to: ClassVar[str] = "{0.venue}:send"
    follows: ClassVar[str] = "{0.venue}:case:{0.case_id}"

    @property
    def destination(self) -> str:
        """Each network has a pace of its own for direct messages, such as "x:dm"."""
        return f"{self.network}:dm" if self.network and self.venue == "dm" else f"{self.venue}:send"


@dataclass(frozen=True, slots=True)
class SendTranscript(Effect):
    """Mail a chat's conversation to the customer who asked for it."""

    transcript_id: int
    case_id: int
    kind: ClassVar[str] = "send_transcript"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    tries: ClassVar[int | None] = 6
    same_when: ClassVar[str] = "{0.transcript_id}"
    goes_to: ClassVar[str] = "email:send"


@dataclass(frozen=True, slots=True)
class ShareFile(Effect):
    """Put a customer's file into the case's thread; asked for again by whoever posts a card after it had none."""

    file_id: int
    case_id: int
    channel: str
    kind: ClassVar[str] = "share_file"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    coalesce: ClassVar[bool] = True
    tries: ClassVar[int | None] = 6
    same_when: ClassVar[str] = "{0.file_id}"
    goes_to: ClassVar[str] = "slack:post:{0.channel}"
    follows: ClassVar[str] = "slack:case:{0.case_id}"


@dataclass(frozen=True, slots=True)
class MarkMessage(Effect):
    """Mark an agent's thread message that was sent to the customer: `mark` is the reaction's name."""

    channel: str
    ts: str
    mark: str
    kind: ClassVar[str] = "mark_message"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    tries: ClassVar[int | None] = 6
    same_when: ClassVar[str] = "{0.channel}:{0.ts}:{0.mark}"
    goes_to: ClassVar[str] = "slack:mark"


@dataclass(frozen=True, slots=True)
class PublishHome(Effect):
    """Bring one person's App Home up to date, with the filter they have chosen."""

    user_id: str
    chosen: str = "all"
    kind: ClassVar[str] = "publish_home"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.REPEAT
    coalesce: ClassVar[bool] = True
    same_when: ClassVar[str] = "{0.user_id}:{0.chosen}"
    goes_to: ClassVar[str] = "slack:home"


@dataclass(frozen=True, slots=True)
class TellPerson(Effect):
    """Tell one person, in a direct message from the bot, what `actor` did to a case of theirs.

    `action` is the trail's word for it; `once` makes the message unique.
    """

    user_id: str
    actor: str
    action: str
    case_id: int
    once: str
    kind: ClassVar[str] = "tell_person"
    lane: ClassVar[Lane] = Lane.BULK
    safety: ClassVar[Safety] = Safety.RECONCILE
    same_when: ClassVar[str] = "{0.user_id}:{0.once}"
    goes_to: ClassVar[str] = "slack:post:{0.user_id}"


@dataclass(frozen=True, slots=True)
class Alert(Effect):
    """Tell the people who run the bot that something needs them. `once` makes it unique."""

    text: str
    once: str
    channel: str
    kind: ClassVar[str] = "alert"
    lane: ClassVar[Lane] = Lane.AGENT
    safety: ClassVar[Safety] = Safety.RECONCILE
    same_when: ClassVar[str] = "{0.once}"
    goes_to: ClassVar[str] = "slack:post:{0.channel}"


EFFECTS: dict[str, type[Effect]] = {
    effect.kind: effect
    for effect in (
        PostCard,
        UpdateCard,
        PostThread,
        RedrawThread,
        DraftReply,
        SendReply,
        LinkReply,
        SendPrivate,
        SendTranscript,
        ShareFile,
        MarkMessage,
        PublishHome,
        TellPerson,
        Alert,
    )
}


def effect_from(kind: str, payload: dict[str, Any]) -> Effect:
    """The effect that a row of the outbox holds; raises `KeyError` for a kind that this version does not know."""
    return EFFECTS[kind](**payload)


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A claimed row of the outbox: the effect, and what this try of it is.

    `token` names this try on the other side where the platform lets us leave a mark (Slack's message metadata).
    `generation` grows when the same act was asked for again while it was under way. `reconciling` is true when an
    earlier try's outcome is unknown; `answered` where the other side answered that try, with a failure of its own.
    `checks` counts the looks at the other side, this one included. `first_tried_at` bounds how far back it must be read;
    `departed_at` is when the newest try that left the house did so.
    """

    id: int
    effect: Effect
    generation: int
    attempts: int
    checks: int
    reconciling: bool
    created_at: datetime
    first_tried_at: datetime | None = None
    departed_at: datetime | None = None
    note: str | None = None
    answered: bool = False

    @property
    def token(self) -> str:
        return f"{self.id}.{self.generation}"
