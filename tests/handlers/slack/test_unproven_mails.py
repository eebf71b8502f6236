"""Press the buttons below a mail that may not be the customer's."""

import pytest

from domain.intake.unproven_mails import MailDecided, Verdict
from domain.venues import Venue
from handlers.context import AppContext
from handlers.slack import unproven_mails as edge
from handlers.slack.payloads import Press, parse_press
from storage.engine import Store
from tests.adapters.slack.inspection import said
from tests.handlers.handoffs.made import in_private, incoming_mail, ingest_message, unproven_mails
from tests.handlers.made import MIA, SAM, messages
from tests.handlers.slack.listening import opened_views
from tests.handlers.slack.test_payloads import a_press


def pressed(mail_id: int, user_id: str = SAM) -> Press:
    return parse_press(a_press(user={"id": user_id}, actions=[{"value": str(mail_id)}]))


async def test_each_button_does_what_it_says(store: Store, ctx: AppContext) -> None:
    case, _ = in_private(store, venue=Venue.EMAIL)
    for number in (1, 2):
        ingest_message(store, incoming_mail(f"mail {number}", external_id=f"<e{number}>"))
    theirs, other = unproven_mails(store)
    await edge._show(ctx, pressed(theirs.id))
    assert "mail 1" in said(opened_views(ctx)[-1])
    await edge._it_is_them(ctx, pressed(theirs.id))
    await edge._it_is_not(ctx, pressed(other.id))
    assert {message.text for message in messages(store, case.id)} >= {"mail 1"}
    assert "mail 2" not in str(messages(store, case.id))
    decided = [(mail.verdict, mail.decided_by) for mail in unproven_mails(store)]
    assert decided == [(Verdict.CUSTOMER, SAM), (Verdict.SOMEBODY_ELSE, SAM)]
    with pytest.raises(MailDecided):
        await edge._it_is_not(ctx, pressed(theirs.id, MIA))
