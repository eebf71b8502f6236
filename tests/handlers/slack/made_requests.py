"""Build requests of forms, menu choices and commands, and copies of the bot that hear them."""

import json
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from adapters.slack.action_ids import (
    ActionId,
    BlockId,
    CallbackId,
    OverflowChoice,
    card_value,
    claim_value,
    overflow_value,
)
from adapters.slack.api_calls import web_client
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback, tags_value
from adapters.slack.manifest import COMMAND
from domain.cases.case import Case
from domain.cases.notes import Note
from domain.cases.snooze import SnoozeChoice
from domain.cases.tags import NO_TAGS
from handlers.cases import assignment
from handlers.desk import Desk
from handlers.slack.app import slack_app
from storage.engine import Store
from tests.handlers.made import (
    MIA,
    NOW,
    SAM,
    case_of,
    do,
    messages,
    queued,
    trail,
)
from tests.handlers.slack.handoff_forms import in_private, submission
from tests.handlers.slack.listening import a_slack_context, opened_views
from tests.handlers.slack.test_press_once import with_card

HANDLED = "This was handled before"
Body = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request of Slack's: its body for a case, and how many round trips PostgreSQL takes for it.

    `needs` brings the case to where the request makes sense. The body of a form that a button `opens` is made
    of what is shown, with what was `typed` by action id.
    """

    trips: int
    body: Callable[[Case], Body] = lambda _case: {}
    needs: Callable[[Store, Case], object] = lambda _store, _case: None
    make_case: Callable[[Store], Case] = with_card
    opens: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)


def of_form(callback_id: str, metadata: str, values: object, **view: Any) -> Body:  # noqa: ANN401 - its fields
    shown = {"id": "V1", "type": "modal", "callback_id": callback_id, "private_metadata": metadata}
    return {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": SAM},
        "trigger_id": "1.2.abc",
        "view": {**shown, "state": {"values": values}, **view},
    }


def of_press(action: Body) -> Body:
    return {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": SAM},
        "trigger_id": "1.2.abc",
        "channel": {"id": "C1"},
        "container": {"channel_id": "C1"},
        "actions": [{"block_id": "b", "action_ts": "7.1", **action}],
    }


def noted(case: Case) -> Body:
    values = {CaseFormBlock.NOTE_TEXT: {CaseFormAction.NOTE_TEXT: {"value": "Knows about the refund"}}}
    return of_form(CaseFormCallback.NOTE, card_value(case.id, case.version), values)


def tagged(case: Case) -> Body:
    values = {CaseFormBlock.TAGS_OF_CASE: {CaseFormAction.TAGS_OF_CASE: {"value": "refund"}}}
    return of_form(CaseFormCallback.TAGS, tags_value(case.id, case.version, NO_TAGS), values)


def assigned(case: Case) -> Body:
    values = {BlockId.ASSIGN_TO: {ActionId.ASSIGN_TO: {"selected_user": MIA}}}
    return of_form(CallbackId.ASSIGN, card_value(case.id, case.version), values)


def snoozed(case: Case) -> Body:
    choice = {"selected_option": {"value": SnoozeChoice.HALF_HOUR}}
    values = {BlockId.SNOOZE_CHOICE: {ActionId.SNOOZE_CHOICE: choice}}
    return of_form(CallbackId.SNOOZE, card_value(case.id, case.version), values)


def taken_over(case: Case) -> Body:
    return of_form(CallbackId.TAKE_OVER, claim_value(case.id, case.version, MIA), {})


def released(case: Case) -> Body:
    return of_form(CallbackId.RELEASE, card_value(case.id, case.version), {})


def chosen(choice: OverflowChoice) -> Callable[[Case], Body]:
    def body(case: Case) -> Body:
        option = {"value": overflow_value(choice, case.id, case.version)}
        return of_press({"type": "overflow", "action_id": ActionId.CASE_MORE, "selected_option": option})

    return body


def pressed(action_id: str) -> Callable[[Case], Body]:
    def body(case: Case) -> Body:
        return of_press(
            {"type": "button", "action_id": action_id, "value": card_value(case.id, case.version)}
        )

    return body


def typed_next(_case: Case) -> Body:
    return {
        "command": COMMAND,
        "text": "next",
        "team_id": "T1",
        "user_id": SAM,
        "channel_id": "C1",
        "trigger_id": "1.2.abc",
    }


def claimed_by(user_id: str) -> Callable[[Store, Case], object]:
    return lambda store, case: do(store, assignment.claim, case_id=case.id, user_id=user_id, now=NOW)


REQUESTS = {
    "answer": Request(opens=ActionId.CASE_REPLY, typed={"answer_text": "Hi Ana"}, trips=20),
    "private answer": Request(
        opens=ActionId.CASE_REPLY, typed={"private_text": "Hi Ana"}, make_case=in_private, trips=31
    ),
    "move": Request(opens=ActionId.CASE_HANDOFF, trips=22),
    "note": Request(body=noted, trips=5),
    "tags": Request(body=tagged, trips=7),
    "assign": Request(body=assigned, trips=2),
    "snooze": Request(body=snoozed, trips=2),
    "take over": Request(body=taken_over, needs=claimed_by(MIA), trips=2),
    "release": Request(body=released, needs=claimed_by(SAM), trips=2),
    "release in Details": Request(body=pressed(ActionId.CASE_RELEASE), needs=claimed_by(SAM), trips=2),
    "resolve": Request(body=chosen(OverflowChoice.RESOLVE), trips=8),
    "dismiss": Request(body=chosen(OverflowChoice.DISMISS), trips=11),
    "next": Request(body=typed_next, trips=3),
}


class WholeCopy:
    """A copy of the bot: the app with all its listeners, and the gate before it."""

    def __init__(self, store: Store, **parts: Any) -> None:  # noqa: ANN401 - any of the context's fields
        self.desk = Desk(store)
        self.ctx = a_slack_context(self.desk, **parts)
        client = web_client("xoxb-1", base_url="http://127.0.0.1:1/api/")
        self._app = slack_app(self.ctx, client, signing_secret=None, find_rehearsal=_find_nothing)

    async def hear(self, body: Body) -> str:
        """Have the request arrive; return the answer."""
        sent = json.loads(json.dumps(body))
        response = await self._app.async_dispatch(AsyncBoltRequest(body=sent, mode="socket_mode"))
        assert response.status == 200
        return str(response.body)


async def _find_nothing() -> None:
    return None


@contextmanager
def copies(store: Store, count: int = 2, **parts: Any) -> Generator[list[WholeCopy]]:  # noqa: ANN401
    """Start copies of the bot on one database; `parts` replace fields of their contexts."""
    made = [WholeCopy(store, **parts) for _ in range(count)]
    try:
        yield made
    finally:
        for copy in made:
            copy.desk._pool.shutdown()


def key_of(body: Body) -> str:
    at = ":7.1" if "actions" in body else ":"
    return f"{body.get('type', 'command')}:{body['trigger_id']}{at}"


def notes_of(store: Store, case: Case) -> list[Note]:
    with store.unit_of_work() as uow:
        return uow.notes.of_case(case.id)


def state(store: Store, case: Case) -> tuple[object, ...]:
    """Return all that a request may have changed."""
    notes = notes_of(store, case)
    rows = [(row["key"], row["state"]) for row in queued(store)]
    return case_of(store, case.id), trail(store, case.id), messages(store, case.id), notes, rows


async def prepared(store: Store, name: str) -> tuple[Case, Body]:
    """Store the case of a request; return it and the body."""
    request = REQUESTS[name]
    case = request.make_case(store)
    request.needs(store, case)
    case = case_of(store, case.id)
    if not request.opens:
        return case, request.body(case)
    with copies(store, 1) as (copy,):
        await copy.hear({**pressed(request.opens)(case), "trigger_id": "1.1.opens"})
        [view] = opened_views(copy.ctx)
    values = submission(view, **request.typed).values
    return case, of_form(view["callback_id"], view["private_metadata"], values, blocks=view["blocks"])
