"""Submit the snooze form, and render the take-over form for whoever presses."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.action_ids import (
    ActionId,
    BlockId,
    card_value,
)
from domain.assistance.forms import CaseAssistance, CaseRequest, Stage
from domain.assistance.transcript import LONG_CASE
from domain.cases.case import Case, CaseState
from domain.cases.snooze import InvalidTime, SnoozeChoice
from domain.policy import Roles
from handlers.cases.assignment import claim
from handlers.cases.rota import set_away
from handlers.context import AppContext
from handlers.slack import case_forms
from handlers.slack.case_views import take_over_view
from handlers.slack.payloads import Press, Submission
from storage.engine import Store
from tests.handlers.made import (
    BEN,
    MIA,
    NOW,
    SAM,
    a_post,
    a_stored_case,
    arrive,
    case_of,
    do,
)
from tests.handlers.slack.listening import opened_views
from tests.handlers.slack.test_commands import answer


def snoozed(case: Case, choice: object, at: object = None) -> Submission:
    values: dict[str, Any] = {
        BlockId.SNOOZE_CHOICE: {ActionId.SNOOZE_CHOICE: {"selected_option": {"value": choice}}},
        BlockId.SNOOZE_AT: {ActionId.SNOOZE_AT: {"selected_date_time": at}},
    }
    return Submission(user_id=SAM, view_id="V1", metadata=card_value(case.id, 1), values=values)


@pytest.mark.parametrize(
    ("choice", "at", "after"),
    [
        (SnoozeChoice.TOMORROW, None, timedelta(hours=21)),
        (SnoozeChoice.CUSTOM, NOW.timestamp() + 60, timedelta(minutes=1)),
    ],
)
async def test_a_case_is_snoozed_until_the_chosen_time(
    store: Store, ctx: AppContext, choice: object, at: object, after: timedelta
) -> None:
    case = a_stored_case(store)
    assert await case_forms._snooze(ctx, snoozed(case, choice, at)) is None
    assert case_of(store, case.id).snoozed_until == NOW + after


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (None, "Pick a day and a time."),
        ("soon", "Pick a day and a time."),
        (NOW.timestamp() - 60, "That time has passed."),
        (True, "That time has passed."),
    ],
)
async def test_an_unusable_time_is_an_error_of_its_input(
    store: Store, ctx: AppContext, at: object, words: str
) -> None:
    case = a_stored_case(store)
    response = await case_forms._snooze(ctx, snoozed(case, SnoozeChoice.CUSTOM, at))
    assert response is not None
    assert words in response["errors"]["snooze.at"]
    assert case_of(store, case.id).state is CaseState.OPEN


async def test_a_time_out_of_range_is_refused(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    with pytest.raises(InvalidTime):
        await case_forms._snooze(ctx, snoozed(case, SnoozeChoice.CUSTOM, 1e300))
    assert case_of(store, case.id).state is CaseState.OPEN


async def test_the_form_says_that_who_was_chosen_is_away(sqlite: Store, sqlite_ctx: AppContext) -> None:
    case, ctx = a_stored_case(sqlite), sqlite_ctx
    do(sqlite, set_away, user_id=MIA, until=NOW + timedelta(hours=4), now=NOW)
    do(sqlite, set_away, user_id=SAM, until=NOW, now=NOW - timedelta(hours=4))
    view = {"id": "V1", "private_metadata": card_value(case.id, case.version)}
    for chosen, warned in ((MIA, True), (SAM, False), (None, False)):
        press = Press(
            user_id=SAM,
            action={"selected_user": chosen},
            trigger_id="t",
            channel=None,
            thread_ts=None,
            view=view,
        )
        await case_forms._warn_of_away(ctx, press)
        assert (f"<@{MIA}> is away until" in str(opened_views(ctx)[-1])) is warned
    answered = await answer(ctx, {"user_id": MIA, "text": "next"})
    assert "You are away until" in str(answered["blocks"])
    a_stored_case(sqlite, author=BEN)
    assert "You are away until" not in str(await answer(ctx, {"user_id": SAM, "text": "next"}))


LEO = "U0LEO"


class Sees:
    """A model that can read pictures, as far as forms ask."""

    sees = True


def a_long_case(store: Store) -> Case:
    """Store a case of many posts, claimed by Mia."""
    case = a_stored_case(store)
    posts = [
        a_post(f"95{number}", f"Still no news {number}", created_at=NOW + timedelta(seconds=number))
        for number in range(LONG_CASE)
    ]
    arrive(store, *posts, now=NOW)
    return do(store, claim, case_id=case.id, user_id=MIA, now=NOW)


async def test_the_take_over_form_is_for_whoever_presses(sqlite: Store, sqlite_ctx: AppContext) -> None:
    case, ctx = a_long_case(sqlite), replace(sqlite_ctx, assistant=Sees())  # type: ignore[arg-type]
    directory: Any = ctx.directory
    directory.groups["@leads"] = {LEO}
    shown = str(await take_over_view(ctx, case.id, SAM))
    # Without a group of leads everybody is one, and takes over instead.
    assert "Back to the queue" not in shown
    assert "Summarise" in shown
    led = replace(ctx, policy=replace(ctx.policy, roles=Roles(lead="@leads")))
    for user, may_release, may_take in ((SAM, False, True), (LEO, True, False)):
        shown = str(await take_over_view(led, case.id, user))
        assert ("Back to the queue" in shown) is may_release
        assert ("Summarise" in shown) is may_take
        assert ("Take it over?" in shown) is may_take
    assert "Summarise" not in str(await take_over_view(sqlite_ctx, case.id, SAM))


async def test_the_take_over_form_says_what_became_of_a_request(
    sqlite: Store, sqlite_ctx: AppContext
) -> None:
    case, ctx = a_long_case(sqlite), replace(sqlite_ctx, assistant=Sees())  # type: ignore[arg-type]
    failed = CaseAssistance(
        language="en", stage=Stage.FAILED, request=CaseRequest.SUMMARISE, reason="the daily limit is reached"
    )
    assert "the daily limit is reached" in str(await take_over_view(ctx, case.id, SAM, failed))
    working = replace(failed, stage=Stage.WORKING)
    shown = str(await take_over_view(ctx, case.id, SAM, working))
    assert "the model is at work" in shown
    assert "'Summarise'" not in shown
    assert "the daily limit" not in str(await take_over_view(ctx, case.id, SAM))
