"""Check the text of an offer before it is sent."""

import pytest

from domain.handoffs.offer_message import OfferFault, OfferViolation
from domain.replies.rules_of_engagement import RuleViolation
from domain.venues import Venue
from handlers.handoffs.form import HandoffAccepted
from handlers.intake.stream_health import save_account
from storage.engine import Store
from tests.handlers.handoffs.made import MAILBOX, a_submission, in_private, submit
from tests.handlers.made import a_stored_case, do


def test_our_own_address_is_not_the_customers(store: Store) -> None:
    do(store, save_account, account=MAILBOX)
    case = a_stored_case(store)
    form = submit(store, a_submission(store, case, Venue.EMAIL, address=" Help+12@ACME.example"))
    assert not isinstance(form, HandoffAccepted)
    [finding] = form.violations
    assert finding == OfferViolation(fault=OfferFault.OUR_ADDRESS)


def test_an_address_that_only_looks_like_ours_may_be_the_customers(store: Store) -> None:
    do(store, save_account, account=MAILBOX)
    case = a_stored_case(store)
    move = a_submission(store, case, Venue.EMAIL, address="helper@acme.example")
    assert isinstance(submit(store, move), HandoffAccepted)


@pytest.mark.parametrize("via", [Venue.DM, Venue.PUBLIC])
def test_a_text_that_a_private_venue_does_not_take_is_stopped(store: Store, via: Venue) -> None:
    case = in_private(store, venue=via)[0] if via.is_private else a_stored_case(store)
    move = a_submission(store, case, Venue.CHAT, text="x" * 20_000)
    assert move.via is via
    form = submit(store, move)
    assert not isinstance(form, HandoffAccepted)
    hard = {one.rule for one in form.violations if isinstance(one, RuleViolation) and one.hard}
    assert ("length" in hard) == via.is_private
