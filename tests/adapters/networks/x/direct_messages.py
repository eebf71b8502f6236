"""Build what the tests of direct messages send: a case, a hand-off, and a message of ours."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.cases.files import File
from domain.cases.messages import Delivery, Direction, Message
from domain.handoffs.handoff import Handoff, HandoffState
from domain.intake.posts import Author
from domain.replies.outgoing_message import OutgoingMessage
from domain.venues import Venue
from tests.adapters.networks.x.servers import ACME
from tests.storage.made import NOW, a_case, a_message

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
NOBODY = Author(id="70000001", handle="anaruiz", name="Ana Ruiz")


def an_outgoing_message(
    text: str = "Hola Ana & <3",
    *,
    address: str | None = "70000001",
    earlier: Sequence[str] = (),
    files: Sequence[File] = (),
) -> OutgoingMessage:
    """Build a message to the customer at `address`; `earlier` are ids on X of messages sent before."""
    handoff = Handoff(
        id=5,
        case_id=1,
        venue=Venue.DM,
        state=HandoffState.ARRIVED,
        offered_at=NOW,
        offered_by="U0SAM",
        expires_at=NOW,
        nonce="n",
        code="",
        address=address,
    )
    ours = replace(
        a_message(1, None),
        venue=Venue.DM,
        direction=Direction.OUT,
        text=text,
        delivery=Delivery.QUEUED,
    )
    return OutgoingMessage(
        case=a_case(id=1, network="x", account_id=ACME.id, author=NOBODY),
        handoff=handoff,
        message=ours,
        earlier=[_sent(ours, event_id) for event_id in earlier],
        files=files,
    )


def a_picture(**changes: Any) -> File:  # noqa: ANN401 - any of the fields
    """Build a picture that an agent attached."""
    picture = File(
        id=3,
        case_id=1,
        message_id=2,
        name="steps.png",
        media_type="image/png",
        size=len(PNG),
        created_at=NOW,
        content=PNG,
    )
    return replace(picture, **changes)


def _sent(message: Message, event_id: str) -> Message:
    return replace(message, external_id=event_id, delivery=Delivery.SENT)
