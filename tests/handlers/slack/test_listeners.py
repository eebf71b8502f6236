"""Around every listener: Slack is always answered once, and whoever pressed hears why nothing was done."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack.action_ids import (
    ActionId,
    BadValue,
    BlockId,
    SnoozeChoice,
    answer_block,
    card_value,
)
from adapters.slack.modal_client import ModalError
from adapters.slack.modals import parse_metadata, render_answer
from domain.cases.case import Case, CaseState
from domain.errors import (
    AlreadyClosed,
    CaseNotFound,
    ChangedSince,
    Crowded,
    HeldByAnother,
    Refused,
    StaleCase,
)
from domain.records.audit import Action, Entry
from handlers.cases import assignment
from handlers.cases.assignment import claim
from handlers.cases.resolution import resolve
from handlers.context import AppContext
from handlers.replies.public import open_answer
from handlers.slack import case_forms, commands, replies
from handlers.slack.listeners import OUR_FAULT, on_press, on_submit
from handlers.slack.payloads import Press, Submission, read_press
from storage.engine import Store
from storage.unit_of_work import UnitOfWork
from tests.handlers.made import (
    MIA,
    NOW,
    SAM,
    a_classifier,
    a_post,
    a_stored_case,
    arrive,
    case_of,
    do,
    messages,
    networks,
)
from tests.handlers.slack.listening import Ack, told
from tests.handlers.slack.test_payloads import a_press, payloads


async def press(ctx: AppContext, act: Callable[[AppContext, Press], Any], body: Mapping[str, Any]) -> Ack:
    ack: Any = Ack()
    await on_press(ctx, act)(ack=ack, body=body)
    assert len(ack.given) == 1
    return ack  # type: ignore[no-any-return]


def raising(error: Exception) -> Callable[..., Any]:
    async def act(_edge: AppContext, _what: object) -> None:
        raise error

    return act


AN_ENTRY = Entry(at=NOW, actor=MIA, action=Action.CLAIMED, case_id=1, version=2)
ERRORS = [
    (Refused("Nothing was changed: no."), "Nothing was changed: no."),
    (Crowded(), "others were changing this case at the same moment"),
    (CaseNotFound(7), "case 7 is not here any more"),
    (HeldByAnother(MIA, NOW), f"<@{MIA}>"),
    (AlreadyClosed("resolved", MIA, NOW), f"<@{MIA}>"),
    (ChangedSince([AN_ENTRY]), f"Claimed by <@{MIA}>"),
    (BadValue(), "does not understand"),
    (ModalError("The form did not open: too late."), "The form did not open"),
    (RuntimeError("secret token xoxb-1"), OUR_FAULT),
]


@pytest.mark.parametrize(("error", "words"), ERRORS)
async def test_whoever_pressed_hears_why_nothing_was_done(
    ctx: AppContext, error: Exception, words: str
) -> None:
    ack = await press(ctx, raising(error), a_press(user={"id": SAM}))
    [text] = told(ctx)
    assert words in text
    assert "xoxb" not in text
    assert ack.given == [{}]


@pytest.mark.parametrize(("error", "words"), ERRORS)
async def test_whoever_submitted_hears_why_nothing_was_done(
    ctx: AppContext, error: Exception, words: str
) -> None:
    ack: Any = Ack()
    body = {"user": {"id": SAM}, "view": {"id": "V1"}}
    await on_submit(ctx, raising(error))(ack=ack, body=body)
    [response] = ack.given
    shown = str(response.get("view"))
    assert words in shown
    assert "xoxb" not in shown


async def test_somebody_who_may_not_act_is_told_who_may(ctx: AppContext) -> None:
    acted: list[int] = []

    async def act(_edge: AppContext, _press: Press) -> None:
        acted.append(1)

    await press(ctx, act, a_press(user={"id": "U0LEO"}))
    assert "only members of #support may act here" in told(ctx)[0]
    await press(ctx, act, a_press(user={"id": SAM}))
    assert acted == [1]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payloads)
async def test_whatever_comes_slack_is_answered_once(ctx: AppContext, body: dict[str, Any]) -> None:
    async def act(_edge: AppContext, pressed: Press) -> None:
        assert isinstance(pressed.value, str)

    await press(ctx, act, body)
    await press(ctx, act, {**body, "user": {"id": SAM}, "actions": [body]})
    ack: Any = Ack()
    await on_submit(ctx, raising(BadValue()))(ack=ack, body=body)
    assert len(ack.given) == 1


# --- the answer form ------------------------------------------------------------------------------------------------------------


def submission(store: Store, case: Case, text: object, *, user_id: str = SAM) -> Submission:
    """What Sam sends who has opened the form just now."""
    form = do(
        store,
        open_answer,
        case_id=case.id,
        user_id=user_id,
        classifier=a_classifier(),
        networks=networks(),
        now=NOW,
    )
    view = render_answer(form, ours=networks().our_account("x"))
    values = {answer_block(0): {ActionId.ANSWER_TEXT.value: {"value": text}}}
    return Submission(user_id=user_id, view_id="V1", metadata=view["private_metadata"], values=values)


async def test_an_answer_closes_the_form(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    assert await replies._submit(ctx, submission(store, case, "Hi Ana")) is None
    assert messages(store, case.id)[-1].text == "Hi Ana"


@pytest.mark.parametrize("text", ["", None, [], {"a": 1}, 7])
async def test_no_text_is_said_below_the_box(store: Store, ctx: AppContext, text: object) -> None:
    response = await replies._submit(ctx, submission(store, a_stored_case(store), text))
    assert response == {
        "response_action": "errors",
        "errors": {answer_block(0): "Write an answer first."},
    }


async def test_what_was_written_stays_when_somebody_else_was_quicker(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    sent = submission(store, case, "A long and careful answer")
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    held = await replies._submit(ctx, sent)
    do(store, resolve, case_id=case.id, version=None, user_id=MIA, now=NOW)
    closed = await replies._submit(ctx, sent)
    for response, words in ((held, "has claimed this case"), (closed, "has closed this case")):
        assert response is not None
        assert response["response_action"] == "errors"
        said = response["errors"][answer_block(0)]
        assert said.startswith(f"Nothing was sent: Mia Lindqvist {words}")
        assert "Your text is still here" in said


async def test_what_was_written_stays_while_another_answer_is_under_way(
    store: Store, ctx: AppContext
) -> None:
    case = a_stored_case(store)
    sent = submission(store, case, "First")
    assert await replies._submit(ctx, sent) is None
    again = Submission(
        user_id=SAM, view_id="V2", metadata=submission(store, case, "").metadata, values=sent.values
    )
    response = await replies._submit(ctx, again)
    assert response is not None
    assert "on its way" in response["errors"][answer_block(0)]


async def test_an_edit_is_news_even_after_the_form_was_redrawn(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    sent = submission(store, case, "Hi Ana")
    arrive(store, a_post(case.conversation_id, "@acme it works again", revision_id="9999"))
    typed = read_press(
        a_press(
            user={"id": SAM},
            channel=None,
            view={"id": "V1", "hash": "h", "private_metadata": sent.metadata},
            actions=[{"action_id": "answer.text", "value": "Hi Ana"}],
        )
    )
    await replies._update_count(ctx, typed)
    modals: Any = ctx.modals
    [redrawn] = modals.views
    assert parse_metadata(redrawn["private_metadata"]).version == case.version
    again = Submission(user_id=SAM, view_id="V1", metadata=redrawn["private_metadata"], values=sent.values)
    response = await replies._submit(ctx, again)
    assert response is not None
    assert "it works again" in str(response["view"])
    assert len(messages(store, case.id)) == 1


# --- the snooze form ------------------------------------------------------------------------------------------------------------


def snoozed(case: Case, choice: object, at: object = None) -> Submission:
    values: dict[str, Any] = {
        BlockId.SNOOZE_CHOICE: {ActionId.SNOOZE_CHOICE: {"selected_option": {"value": choice}}},
        BlockId.SNOOZE_AT: {ActionId.SNOOZE_AT: {"selected_date_time": at}},
    }
    return Submission(user_id=SAM, view_id="V1", metadata=card_value(case.id, 1), values=values)


@pytest.mark.parametrize(
    ("choice", "at", "after"),
    [
        (SnoozeChoice.HALF_HOUR, None, timedelta(minutes=30)),
        (SnoozeChoice.TWO_HOURS, None, timedelta(hours=2)),
        (SnoozeChoice.TOMORROW, None, timedelta(hours=21)),
        (SnoozeChoice.CUSTOM, NOW.timestamp() + 60, timedelta(minutes=1)),
        (SnoozeChoice.HALF_HOUR, NOW.timestamp() + 60, timedelta(minutes=1)),
    ],
)
async def test_how_long_a_case_is_snoozed(
    store: Store, ctx: AppContext, choice: object, at: object, after: timedelta
) -> None:
    case = a_stored_case(store)
    assert await case_forms._snooze(ctx, snoozed(case, choice, at)) is None
    assert case_of(store, case.id).snoozed_until == NOW + after


@pytest.mark.parametrize("choice", [SnoozeChoice.CUSTOM, None, "", "3y", [], {}, 7])
@pytest.mark.parametrize("at", [None, NOW.timestamp() - 60, True, "soon", [], float("nan"), 1e300])
async def test_a_time_that_is_none_is_refused_in_words(
    store: Store, ctx: AppContext, choice: object, at: object
) -> None:
    case = a_stored_case(store)
    try:
        response = await case_forms._snooze(ctx, snoozed(case, choice, at))
    except Refused as refusal:
        response = {"errors": {"snooze.at": str(refusal)}}
    assert response is not None
    assert response["errors"]["snooze.at"]
    assert case_of(store, case.id).state is CaseState.OPEN


# --- the command ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["R&D <team>", "R&amp;D &lt;team&gt;"])
async def test_what_slack_has_escaped_is_found_as_it_was_typed(
    store: Store, ctx: AppContext, typed: str
) -> None:
    a_stored_case(store, "@acme is your R&D <team> asleep?")
    found = await commands._answer(ctx, {"user_id": SAM, "text": f"find {typed}"})
    assert "Cases with “R&D <team>”" in str(found["blocks"])


async def test_what_was_escaped_by_the_customer_is_found_too(store: Store, ctx: AppContext) -> None:
    a_stored_case(store, "@acme your page shows &lt; instead of a sign")
    found = await commands._answer(ctx, {"user_id": SAM, "text": "find &amp;lt;"})
    assert "Cases with" in str(found["blocks"])


async def test_a_command_that_meets_others_says_so(ctx: AppContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assignment, "claim_next", _outrun)
    answered = await commands._answer(ctx, {"user_id": SAM, "text": "next"})
    assert "others were changing this case at the same moment" in answered["text"]


def _outrun(uow: UnitOfWork, **_: object) -> Case:
    assert uow.cases.counts()
    raise StaleCase
