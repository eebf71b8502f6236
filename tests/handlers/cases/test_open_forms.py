"""Record who has a form open, and tell the card, colleagues and App Home."""

from datetime import datetime

import pytest
from sqlalchemy import delete

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction
from domain.cases.open_forms import FORM_EXPIRES_AFTER, RENEW_EVERY
from handlers.cases.open_forms import close_form, expire_forms, open_form, renew_form, without_writer
from handlers.cases.views import view_case
from storage.engine import Store
from storage.outbox_tables import outbox
from tests.handlers.made import MIA, MINUTE, NOW, SAM, a_stored_case, do, queued
from tests.storage.made import a_message

EXPIRED = NOW + FORM_EXPIRES_AFTER


@pytest.fixture
def case(store: Store) -> Case:
    """A case whose card is up to date."""
    stored = a_stored_case(store)
    take_effects(store)
    return stored


def take_effects(store: Store) -> list[str]:
    """Return the keys of the queued effects, and empty the outbox."""
    keys = [row["key"] for row in queued(store)]
    with store.engine.begin() as connection:
        connection.execute(delete(outbox))
    return keys


def writers(store: Store, case: Case, now: datetime = NOW) -> list[str]:
    return list(do(store, view_case, case_id=case.id, now=now).writers)


def opens(store: Store, case: Case, user_id: str, now: datetime = NOW, home: str = "") -> None:
    do(store, open_form, case, user_id=user_id, now=now, home=home)


def test_the_card_is_updated_once_for_who_opens_a_form_and_once_for_who_closes_it(
    store: Store, case: Case
) -> None:
    update = f"update_card:{case.id}"
    opens(store, case, SAM)
    assert (writers(store, case), take_effects(store)) == ([SAM], [update])
    opens(store, case, SAM)
    assert take_effects(store) == []
    opens(store, case, MIA)
    assert (writers(store, case), take_effects(store)) == ([MIA, SAM], [update])
    do(store, close_form, case_id=case.id, user_id=SAM, now=NOW)
    assert (writers(store, case), take_effects(store)) == ([MIA], [update])
    do(store, close_form, case_id=case.id, user_id=SAM, now=NOW)
    assert take_effects(store) == []


def test_closing_publishes_the_home_that_the_form_was_opened_from(store: Store, case: Case) -> None:
    opens(store, case, SAM, home="mine")
    do(store, renew_form, case, user_id=SAM, client_key="form", now=NOW + RENEW_EVERY)
    take_effects(store)
    do(store, close_form, case_id=case.id, user_id=SAM, now=NOW + RENEW_EVERY)
    assert take_effects(store) == [f"update_card:{case.id}", f"publish_home:{SAM}:mine"]


def test_a_form_that_nobody_types_in_expires(store: Store, case: Case) -> None:
    opens(store, case, SAM)
    opens(store, case, MIA)
    do(store, renew_form, case, user_id=MIA, client_key="form", now=NOW + MINUTE)
    take_effects(store)
    assert writers(store, case, EXPIRED) == [MIA]
    do(store, expire_forms, now=EXPIRED)
    assert take_effects(store) == [f"update_card:{case.id}"]
    do(store, expire_forms, now=EXPIRED)
    assert take_effects(store) == []
    do(store, renew_form, case, user_id=SAM, client_key="form", now=EXPIRED)
    assert (writers(store, case, EXPIRED), take_effects(store)) == ([MIA, SAM], [f"update_card:{case.id}"])


def test_letters_that_arrive_after_the_answer_do_not_open_the_form_again(store: Store, case: Case) -> None:
    opens(store, case, SAM)
    with store.unit_of_work() as uow:
        answer = a_message(
            case.id, None, direction=Direction.OUT, delivery=Delivery.QUEUED, client_key="form"
        )
        uow.messages.add_many([answer], network=case.network, account_id=case.account_id)
    do(store, close_form, case_id=case.id, user_id=SAM, now=NOW)
    do(store, renew_form, case, user_id=SAM, client_key="form", now=NOW)
    assert writers(store, case) == []
    do(store, renew_form, case, user_id=SAM, client_key="the next form", now=NOW)
    assert writers(store, case) == [SAM]


def test_typing_is_recorded_now_and_then(store: Store, case: Case) -> None:
    opens(store, case, SAM)
    for seconds_later in (RENEW_EVERY / 2, RENEW_EVERY):
        do(store, renew_form, case, user_id=SAM, client_key="form", now=NOW + seconds_later)
        with store.unit_of_work() as uow:
            [form] = uow.open_forms.of_case(case.id, since=NOW - MINUTE)
        assert form.active_at == (NOW if seconds_later < RENEW_EVERY else NOW + RENEW_EVERY)


def test_ones_own_form_names_the_others(store: Store, case: Case) -> None:
    opens(store, case, SAM)
    opens(store, case, MIA)
    view = do(store, view_case, case_id=case.id, now=NOW)
    assert list(without_writer(view, SAM).writers) == [MIA]
