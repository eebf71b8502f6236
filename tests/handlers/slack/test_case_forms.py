"""Submit the snooze form: presets, a chosen time, unusable input."""

from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.action_ids import (
    ActionId,
    BlockId,
    SnoozeChoice,
    card_value,
)
from domain.cases.case import Case, CaseState
from domain.errors import (
    Refused,
)
from handlers.context import AppContext
from handlers.slack import case_forms
from handlers.slack.payloads import Submission
from storage.engine import Store
from tests.handlers.made import (
    NOW,
    SAM,
    a_stored_case,
    case_of,
)


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
