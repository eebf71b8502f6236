"""Wrap listeners: acknowledge once, and tell the person why nothing was done."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from adapters.slack.action_ids import (
    BadValue,
)
from adapters.slack.modal_client import ModalError
from domain.errors import (
    AlreadyClosed,
    AssignedToAnother,
    CaseNotFound,
    ChangedSince,
    Refused,
    TooManyConflicts,
)
from domain.records.audit import Action, Entry
from handlers.context import AppContext
from handlers.slack.listeners import INTERNAL_ERROR, on_press, on_submit
from handlers.slack.payloads import Press
from tests.handlers.context import NotUsed
from tests.handlers.made import (
    MIA,
    NOW,
    SAM,
)
from tests.handlers.slack.listening import Ack, a_slack_context, ephemerals
from tests.handlers.slack.test_payloads import a_press, payloads


@pytest.fixture
def ctx() -> AppContext:
    """A context without a database: no listener of this file comes to a use case."""
    desk: Any = NotUsed()
    return a_slack_context(desk)


async def press(ctx: AppContext, act: Callable[[AppContext, Press], Any], body: Mapping[str, Any]) -> Ack:
    ack: Any = Ack()
    await on_press(ctx, act)(ack=ack, body=body)
    assert len(ack.given) == 1
    return ack  # type: ignore[no-any-return]


def raising(error: Exception) -> Callable[..., Any]:
    async def act(_ctx: AppContext, _what: object) -> None:
        raise error

    return act


AN_ENTRY = Entry(at=NOW, actor=MIA, action=Action.CLAIMED, case_id=1, version=2)
ERRORS = [
    (Refused("Nothing was changed: no."), "Nothing was changed: no."),
    (TooManyConflicts(), "others were changing this case at the same moment"),
    (CaseNotFound(7), "case 7 is not here any more"),
    (AssignedToAnother(MIA, NOW), f"<@{MIA}>"),
    (AlreadyClosed("resolved", MIA, NOW), f"<@{MIA}>"),
    (ChangedSince([AN_ENTRY]), f"Claimed by <@{MIA}>"),
    (BadValue(), "does not understand"),
    (ModalError("The form did not open: too late."), "The form did not open"),
    (RuntimeError("secret token xoxb-1"), INTERNAL_ERROR),
]


@pytest.mark.parametrize(("error", "words"), ERRORS)
async def test_whoever_pressed_hears_why_nothing_was_done(
    ctx: AppContext, error: Exception, words: str
) -> None:
    ack = await press(ctx, raising(error), a_press(user={"id": SAM}))
    [text] = ephemerals(ctx)
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

    async def act(_ctx: AppContext, _press: Press) -> None:
        acted.append(1)

    await press(ctx, act, a_press(user={"id": "U0LEO"}))
    assert "only members of #support may act here" in ephemerals(ctx)[0]
    await press(ctx, act, a_press(user={"id": SAM}))
    assert acted == [1]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payloads)
async def test_whatever_comes_slack_is_answered_once(ctx: AppContext, body: dict[str, Any]) -> None:
    async def act(_ctx: AppContext, pressed: Press) -> None:
        assert isinstance(pressed.value, str)

    await press(ctx, act, body)
    await press(ctx, act, {**body, "user": {"id": SAM}, "actions": [body]})
    ack: Any = Ack()
    await on_submit(ctx, raising(BadValue()))(ack=ack, body=body)
    assert len(ack.given) == 1
