"""Build requests about promises, what is taught, causes, outages and people, as Slack sends them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, card_value, pair_value
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback
from adapters.slack.causes.ids import CauseAction, CauseBlock, CauseCallback
from adapters.slack.home import BlurChoice
from adapters.slack.manifest import COMMAND
from adapters.slack.modals.outages.metadata import review_metadata
from adapters.slack.outages.ids import (
    OutageAction,
    OutageBlock,
    OutageCallback,
    OutageChoice,
    choice_value,
    text_block,
)
from adapters.slack.outages.link_ids import LinkAction, LinkBlock, LinkCallback
from domain.causes.cause import Cause, CauseEdit, CauseState
from domain.outages.notices import Notice
from domain.outages.outage import Outage
from handlers.causes.tracking import create_cause
from handlers.outages.links import link_case
from handlers.outages.pauses import pause_sending
from handlers.outages.reviews import load_review
from handlers.surge.spikes import dismiss_spike
from storage.engine import Store
from storage.slack_tables import handled_requests
from storage.tables import metadata
from tests.handlers.cases.test_promises import a_promise
from tests.handlers.context import NOTICE_WORDS
from tests.handlers.made import MIA, NOW, POLICY, SAM, do, messages
from tests.handlers.outages.made import (
    OUTAGE_POLICY,
    SAM_MAY,
    ListDestination,
    an_outage,
    destinations,
    sent,
    submitted,
)
from tests.handlers.outages.test_spikes import a_spike
from tests.handlers.slack.listening import Directory
from tests.handlers.slack.made_requests import Body, of_form, of_press
from tests.handlers.slack.test_press_once import with_card

DESTINATIONS = destinations(page=ListDestination())
#: What a copy of the bot is built with, so that Sam and Mia are on call.
PARTS: Mapping[str, Any] = {
    "policy": replace(POLICY, outages=OUTAGE_POLICY),
    "directory": Directory(channels={OUTAGE_POLICY.oncall_channel: {SAM, MIA}}),
    "destinations": DESTINATIONS,
}


@dataclass(frozen=True, kw_only=True)
class TeamRequest:
    """What brings the database to where a request makes sense, and returns that; its trips to PostgreSQL."""

    body: Callable[[Store], Body]
    trips: int


def rows(store: Store) -> dict[str, list[str]]:
    """Return all that is stored, but which requests were handled."""
    with store.engine.connect() as connection:
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
            if table is not handled_requests
        }


def press(action_id: str, value: object, **more: Any) -> Body:  # noqa: ANN401 - any of a press's fields
    return of_press({"type": "button", "action_id": action_id, "value": str(value)}) | more


def typed(text: str) -> Callable[[Store], Body]:
    def body(store: Store) -> Body:
        with_card(store)
        named = {"team_id": "T1", "user_id": SAM, "channel_id": "C1", "trigger_id": "1.2.abc"}
        return {"command": COMMAND, "text": text, **named}

    return body


def _promise_pressed(action: CaseFormAction) -> Callable[[Store], Body]:
    return lambda store: press(action, a_promise(store).id)


def _promise_moved(store: Store) -> Body:
    at = int((NOW + timedelta(days=1)).timestamp())
    values = {CaseFormBlock.PROMISE_DUE: {CaseFormAction.PROMISE_DUE: {"selected_date_time": at}}}
    return of_form(CaseFormCallback.PROMISE, str(a_promise(store).id), values)


def _corrected(store: Store) -> Body:
    case = with_card(store)
    [message] = messages(store, case.id)
    chosen = {"SITUATION": "delivery", "URGENCY": "normal", "REQUEST": "yes"}
    values = {
        BlockId[f"CORRECTION_{name}"]: {ActionId[f"CORRECTION_{name}"]: {"selected_option": {"value": value}}}
        for name, value in chosen.items()
    }
    return of_form(CallbackId.CORRECTION, card_value(case.id, case.version, message.id), values)


def _edit(state: CauseState = CauseState.OPEN) -> CauseEdit:
    return CauseEdit(name="Vouchers", owner=SAM, state=state, phrases=("voucher",), fixed_at=None)


def a_cause(store: Store) -> Cause:
    cause: Cause = do(store, create_cause, edit=_edit(), user_id=SAM, now=NOW)
    return cause


def _cause_form(cause_id: int, version: int, name: str) -> Body:
    values = {
        CauseBlock.NAME: {CauseAction.NAME: {"value": name}},
        CauseBlock.STATE: {CauseAction.STATE: {"selected_option": {"value": CauseState.OPEN}}},
        CauseBlock.PHRASES: {CauseAction.PHRASES: {"value": "voucher"}},
    }
    return of_form(CauseCallback.FORM, pair_value(cause_id, version), values)


def _cause_edited(store: Store) -> Body:
    cause = a_cause(store)
    return _cause_form(cause.id, cause.version, "Coupons")


def _causes_of_case(store: Store) -> Body:
    case, cause = with_card(store), a_cause(store)
    chosen = {"selected_options": [{"value": str(cause.id)}]}
    shown = f"{card_value(case.id, case.version)}#"
    return of_form(CauseCallback.OF_CASE, shown, {CauseBlock.CHOSEN: {CauseAction.CHOSEN: chosen}})


def _paused(store: Store) -> None:
    do(store, pause_sending, holds_answers=True, actor=SAM_MAY, now=NOW)


def _resumed(store: Store) -> Body:
    _paused(store)
    return press(OutageAction.RESUME, "1")


def _lead(store: Store) -> Body:
    outage = announced(store)
    values = {OutageBlock.LEAD: {OutageAction.LEAD: {"selected_user": MIA}}}
    return of_form(OutageCallback.LEAD, str(outage.id), values)


def announced(store: Store) -> Outage:
    outage, notice = an_outage(store)
    sent(store, notice, DESTINATIONS)
    return outage


def _timeline(store: Store) -> Body:
    option = {"value": choice_value(OutageChoice.TIMELINE, announced(store).id)}
    return of_press({"type": "overflow", "action_id": OutageAction.MORE, "selected_option": option})


def _seen(store: Store, notice: Notice) -> str:
    review = do(
        store,
        load_review,
        notice_id=notice.id,
        destinations=DESTINATIONS,
        policy=OUTAGE_POLICY,
        words=NOTICE_WORDS,
        names=[],
        preflights={},
        now=NOW,
        typed=(),
    )
    return review_metadata(review)


def _reviewed(store: Store) -> Body:
    _, notice = an_outage(store)
    return of_form(OutageCallback.REVIEW, _seen(store, notice), {})


def _approved(store: Store) -> Body:
    _, notice = an_outage(store)
    waiting: Notice = submitted(store, notice, DESTINATIONS)
    return of_form(OutageCallback.REVIEW, _seen(store, waiting), {}) | {"user": {"id": MIA}}


def _previewed(store: Store) -> tuple[str, Body]:
    _, notice = an_outage(store)
    return _seen(store, notice), {text_block(0, 0): {OutageAction.TEXT: {"value": "Cards fail"}}}


def _preview_sent(store: Store) -> Body:
    return of_form(OutageCallback.PREVIEW, *_previewed(store))


def _draft_saved(store: Store) -> Body:
    shown, values = _previewed(store)
    view = {"id": "V1", "type": "modal", "private_metadata": shown, "state": {"values": values}}
    return press(OutageAction.SAVE_DRAFT, "1", view=view)


def _withdrawn(store: Store) -> Body:
    return press(OutageAction.WITHDRAW, an_outage(store)[1].id)


def _linked(store: Store) -> tuple[int, int]:
    """Store an outage with a linked case; return their ids."""
    case, outage = with_card(store), announced(store)
    do(store, link_case, outage_id=outage.id, case_id=case.id, user_id=SAM, now=NOW)
    return outage.id, case.id


def _link_pressed(store: Store) -> Body:
    case, outage = with_card(store), announced(store)
    return press(LinkAction.CONFIRM, pair_value(outage.id, case.id), view={"id": "V1", "type": "modal"})


def _link_undone(store: Store) -> Body:
    return press(LinkAction.UNDO, pair_value(*_linked(store)), view={"id": "V1", "type": "modal"})


def _linked_to(store: Store) -> Body:
    case, outage = with_card(store), announced(store)
    chosen = {"selected_option": {"value": str(outage.id)}}
    return of_form(LinkCallback.LINK_TO, str(case.id), {LinkBlock.WHICH: {LinkAction.WHICH: chosen}})


def _links_undone(store: Store) -> Body:
    outage_id, case_id = _linked(store)
    return of_form(LinkCallback.PREVIEW, f"undo:{outage_id}:0:{case_id}", {})


def _spike_restored(store: Store) -> Body:
    spike = a_spike(store)
    do(store, dismiss_spike, spike_id=spike.id, user_id=SAM, now=NOW)
    return press(ActionId.SPIKE_RESTORE, spike.id)


def _spike_attributed(store: Store) -> Body:
    spike, outage = a_spike(store), announced(store)
    chosen = {"selected_option": {"value": str(outage.id)}}
    values = {OutageBlock.SPIKE_OUTAGE: {OutageAction.SPIKE_OUTAGE: chosen}}
    return of_form(OutageCallback.SPIKE_OUTAGE, str(spike.id), values)


TEAM_REQUESTS = {
    "promise kept": TeamRequest(body=_promise_pressed(CaseFormAction.PROMISE_KEPT), trips=13),
    "promise withdrawn": TeamRequest(body=_promise_pressed(CaseFormAction.PROMISE_WITHDRAW), trips=13),
    "promise moved": TeamRequest(body=_promise_moved, trips=13),
    "correction": TeamRequest(body=_corrected, trips=17),
    "new cause": TeamRequest(body=lambda _store: _cause_form(0, 0, "Vouchers"), trips=10),
    "cause edited": TeamRequest(body=_cause_edited, trips=9),
    "causes of a case": TeamRequest(body=_causes_of_case, trips=8),
    "away": TeamRequest(body=lambda _store: press(CaseFormAction.HOME_AWAY, "1h"), trips=5),
    "back": TeamRequest(body=lambda _store: press(CaseFormAction.HOME_BACK, "back"), trips=5),
    "blur": TeamRequest(body=lambda _store: press(ActionId.HOME_BLUR, BlurChoice.BLUR.value), trips=5),
    "vip": TeamRequest(body=typed("vip @anaruiz writes for a newspaper"), trips=11),
    "pause": TeamRequest(body=lambda _store: of_form(OutageCallback.PAUSE, "", {}), trips=11),
    "resume": TeamRequest(body=_resumed, trips=10),
    "lead": TeamRequest(body=_lead, trips=8),
    "timeline": TeamRequest(body=_timeline, trips=5),
    "notice submitted": TeamRequest(body=_reviewed, trips=12),
    "notice approved": TeamRequest(body=_approved, trips=22),
    "preview sent": TeamRequest(body=_preview_sent, trips=22),
    "draft saved": TeamRequest(body=_draft_saved, trips=18),
    "notice withdrawn": TeamRequest(body=_withdrawn, trips=10),
    "case linked": TeamRequest(body=_link_pressed, trips=51),
    "link undone": TeamRequest(body=_link_undone, trips=44),
    "case linked by a form": TeamRequest(body=_linked_to, trips=51),
    "links undone by a form": TeamRequest(body=_links_undone, trips=11),
    "spike dismissed": TeamRequest(
        body=lambda store: press(ActionId.SPIKE_DISMISS, a_spike(store).id), trips=7
    ),
    "spike restored": TeamRequest(body=_spike_restored, trips=8),
    "spike attributed": TeamRequest(body=_spike_attributed, trips=36),
}
