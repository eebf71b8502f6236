"""Check the text of an offer before it is sent."""

import pytest

from domain.venues import Venue
from handlers.handoffs.form import HandoffAccepted
from handlers.intake.stream_health import save_account
from storage.engine import Store
from tests.handlers.handoffs.made import MAILBOX, a_submission, submit
from tests.handlers.made import a_stored_case, do


@pytest.mark.parametrize(
    "address", ["help@acme.example", " Help@ACME.example", "help+12-abc@acme.example", "help+@acme.example"]
)
def test_our_own_address_is_not_the_customers(store: Store, address: str) -> None:
    do(store, save_account, account=MAILBOX)
    case = a_stored_case(store)
    form = submit(store, a_submission(store, case, Venue.EMAIL, address=address))
    assert not isinstance(form, HandoffAccepted)
    [finding] = form.violations
    assert (finding.rule, finding.hard) == ("address", True)
    assert "our own address" in finding.reason


@pytest.mark.parametrize("address", ["helper@acme.example", "help@acme.example.org", "a+help@acme.example"])
def test_one_that_only_looks_like_ours_is(store: Store, address: str) -> None:
    do(store, save_account, account=MAILBOX)
    case = a_stored_case(store)
    assert isinstance(submit(store, a_submission(store, case, Venue.EMAIL, address=address)), HandoffAccepted)
