"""Open an outage by the shortcut in the menu of a card."""

import pytest

from domain.access import Role
from domain.errors import DeskError
from handlers.context import AppContext
from handlers.slack.outage_shortcuts import _open_from_message
from handlers.slack.payloads import Shortcut
from storage.engine import Store
from tests.handlers.made import a_stored_case
from tests.handlers.slack.listening import opened_views
from tests.handlers.slack.test_roles import user_of, with_groups

CHANNEL, CARD = "C0SUPPORT", "1795269600.000100"


@pytest.fixture
def ctx(sqlite_ctx: AppContext) -> AppContext:
    """A desk in which each right to outages has a group."""
    return with_groups(sqlite_ctx)


async def test_the_form_with_the_customers_words_is_for_who_may_write_notices(
    sqlite: Store, ctx: AppContext
) -> None:
    case = a_stored_case(sqlite)
    with sqlite.unit_of_work() as uow:
        uow.cases.record_card_location(case.id, channel=CHANNEL, ts=CARD, digest="")

    def pressed(role: Role) -> Shortcut:
        return Shortcut(user_id=user_of(role), trigger_id="T1", channel=CHANNEL, message_ts=CARD)

    with pytest.raises(DeskError, match="@drafters"):
        await _open_from_message(ctx, pressed(Role.APPROVER))
    assert opened_views(ctx) == []
    await _open_from_message(ctx, pressed(Role.DRAFTER))
    [form] = opened_views(ctx)
    assert form["callback_id"] == "outage_form"
