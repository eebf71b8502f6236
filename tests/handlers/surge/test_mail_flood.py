"""Keep a post that calls fire from being buried by mails that do, whoever sends them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain.cases.case import Case
from domain.cases.routing import Routing
from domain.intake.posts import Author
from domain.intake.private_messages import IncomingMessage, SenderCheck
from domain.surge.flood import MAX_WAITING, share_out
from domain.triage.assessment import Urgency
from domain.triage.ranking import IS_STRANGER, reasons_for, sort_key_of
from handlers.surge.flood import tend_flood
from storage.engine import Store
from tests.domain.made import a_case
from tests.handlers.handoffs.made import incoming_mail, ingest_message, proven_mail
from tests.handlers.made import FIRE, MINUTE, NOW, a_post, arrive, cases, do
from tests.handlers.surge.test_flood import case_by, floods, post_waiting

MAILS = 200


def mails_that_call_fire(store: Store, *, is_known: bool) -> None:
    """Have as many strangers mail the same as the post; where `is_known`, their rank is a customer's."""
    check = SenderCheck.PASSED if is_known else SenderCheck.NONE
    for number in range(MAILS):
        mail = incoming_mail(FIRE, f"m{number}@evil.example", external_id=f"<{number}>", at=NOW - MINUTE)
        ingest_message(store, replace(mail, sender_check=check), now=NOW)
    if is_known:
        with store.unit_of_work() as uow:
            for case in uow.case_search.find([], limit=MAILS):
                uow.cases.save(replace(case, routing=Routing()))


@pytest.mark.parametrize("is_known", [False, True])
def test_hundreds_of_mails_that_call_fire_do_not_keep_a_post_from_its_card(
    store: Store, is_known: bool
) -> None:
    mails_that_call_fire(store, is_known=is_known)
    [flood] = floods(store)
    arrive(store, a_post("9", FIRE, created_at=NOW, author=Author(id="9", handle="ana", name="Ana")), now=NOW)
    burning = case_by(store, "9")
    posted = 0
    for _ in range(MAILS):
        given = post_waiting(store, NOW + timedelta(seconds=1))
        posted += len(given)
        if burning.id in given:
            break
        do(store, tend_flood, flood_id=flood.id, now=NOW + timedelta(seconds=1))
    assert burning.id in given, "the post has its card"
    assert posted <= 2 * MAX_WAITING, f"behind {posted} of {MAILS} mails"


def test_of_equal_networks_each_has_its_share() -> None:
    mails = [replace(a_case(), id=number, network="email") for number in range(1, 6)]
    posts = [replace(a_case(), id=number, network="x") for number in range(11, 13)]

    def shared(waiting: dict[str, int], room: int) -> list[int]:
        return [case.id for case in share_out([*mails, *posts], waiting, room)]

    assert shared({}, 4) == [1, 11, 2, 12]
    assert shared({"email": 3}, 2) == [11, 12]
    assert shared({"x": 3}, 2) == [1, 2], "nor do posts keep a mail from its card"
    assert shared({"email": 1, "x": 1}, 9) == [1, 11, 2, 12, 3, 4, 5], "what is left over is used"
    assert shared({}, 0) == []


def test_the_same_words_of_a_stranger_rank_below_those_of_a_known_customer(store: Store) -> None:
    def opened(mail: IncomingMessage, now: datetime) -> Case:
        ingest_message(store, replace(mail, at=now), now=now)
        return cases(store)[-1]

    first = opened(proven_mail(FIRE), NOW)
    assert first.is_stranger, "nobody has answered them yet"
    with store.unit_of_work() as uow:
        uow.cases.save(replace(first, first_replied_at=NOW))
    later, much_later = NOW + timedelta(days=40), NOW + timedelta(days=80)
    known = opened(proven_mail(FIRE, external_id="<m2>"), later)
    assert not known.is_stranger
    forged = opened(incoming_mail(FIRE, external_id="<m3>"), much_later)
    assert forged.is_stranger, "anybody can write a customer's address"
    at_once = replace(forged, waiting_since=known.waiting_since)
    assert sort_key_of(known) > sort_key_of(at_once)
    assert IS_STRANGER in reasons_for(forged, much_later)
    harmless = replace(known, assessment=replace(known.assessment, urgency=Urgency.HIGH))
    assert sort_key_of(at_once) > sort_key_of(harmless), "a stranger's fire is still a fire"
