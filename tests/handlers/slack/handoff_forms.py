"""Build cases whose customer has arrived in direct messages, and submissions of forms."""

from typing import Any

from domain.cases.case import Case
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingFile, IncomingMessage
from domain.venues import Venue
from handlers.cases.assignment import claim
from handlers.intake.private_messages import ingest_private_message
from handlers.slack.payloads import Submission
from storage.engine import Store
from tests.handlers.made import ACME, ANA, NOW, SAM, a_classifier, a_stored_case, case_of, do

CHANNEL, CARD = "C0SUPPORT", "1700000000.000100"


def case_with_card(store: Store) -> Case:
    """Store Ana's case with its card, claimed by Sam."""
    case = a_stored_case(store)
    with store.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel=CHANNEL, ts=CARD, digest="d")
    do(store, claim, case_id=case.id, user_id=SAM, now=NOW)
    return case_of(store, case.id)


def ingest_direct_message(
    store: Store,
    text: str = "Order 4711",
    *,
    external_id: str = "m1",
    author: Author = ANA,
    files: tuple[IncomingFile, ...] = (),
) -> None:
    """Ingest a direct message."""
    heard = IncomingMessage(
        venue=Venue.DM,
        network="x",
        account_id=ACME.id,
        external_id=external_id,
        author=author,
        text=text,
        at=NOW,
        address=author.id,
        files=files,
    )
    assert (
        do(store, ingest_private_message, heard, classifier=a_classifier(), account=ACME, now=NOW) is not None
    )


def in_private(store: Store) -> Case:
    """Store Ana's case with a direct message from her own account."""
    case = case_with_card(store)
    ingest_direct_message(store)
    return case_of(store, case.id)


def submission(view: Any, *, user_id: str = SAM, **values: Any) -> Submission:  # noqa: ANN401 - a view's JSON, and what stands in it
    """Build the submission of a rendered form.

    `values` are by action id, with "_" for "."; other inputs keep their initial values.
    """
    typed = {name.replace("_", "."): value for name, value in values.items()}
    state: dict[str, Any] = {}
    for block in view["blocks"]:
        element = block.get("element", {})
        if block["type"] == "input":
            state[block["block_id"]] = {element["action_id"]: _held(element, typed)}
    return Submission(user_id=user_id, view_id="V1", metadata=view["private_metadata"], values=state)


def _held(element: dict[str, Any], typed: dict[str, Any]) -> dict[str, Any]:
    name = element["action_id"]
    if element["type"] == "radio_buttons":
        value = typed.get(name, (element.get("initial_option") or {}).get("value"))
        return {"selected_option": {"value": value} if value else None}
    return {"value": typed.get(name, element.get("initial_value"))}
