"""Erase one customer everywhere, and nobody else; refuse while held or while something is being sent."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import or_, update

from domain.cases.case import CaseState
from domain.delivery.effects import Alert, NotifyPerson, SendPublicReply
from domain.handoffs.handoff import Proof
from domain.intake.post_context import Named, PostContext, ReferencedPost, ReferenceKind
from domain.intake.posts import Author, Media, MediaKind
from domain.intake.private_messages import IncomingFile
from domain.records.audit import Action, ThreadPost
from domain.records.erasure import CustomerName, customer_name, is_erased
from domain.records.legal_hold import LegalHold
from domain.venues import Venue
from handlers.intake.redaction import record_thread_post
from handlers.records.chain import chain_entries, verify_chain
from handlers.records.customers import (
    AnswersUnderWay,
    CustomerHeld,
    customer_rows,
    erase_customer,
    find_customer,
)
from storage.engine import Store
from storage.outbox_tables import outbox
from tests.handlers.made import (
    BEN,
    MINUTE,
    NOW,
    SAM,
    a_post,
    a_stored_case,
    arrive,
    case_of,
    cases,
    do,
    messages,
    queued,
    trail,
)
from tests.handlers.outages.made import an_outage
from tests.handlers.outages.mail_world import subscribed
from tests.handlers.records.marked import fill, marks
from tests.storage.made import a_file, a_handoff, a_message, an_unproven_mail

ZEBRA = Author(id="4242", handle="ZebraQueen", name="Ada Zebra", followers=1240)
ADDRESS = "zebra@example.com"
A_PICTURE = IncomingFile(name="zebra.png", media_type="image/png", content=b"zebra")
NAME = CustomerName("x", "zebraqueen")


def everywhere(store: Store) -> int:
    """Store a customer whose marker is in every table that can hold it; return their case."""
    picture = Media(kind=MediaKind.PICTURE, url="https://pics.example/zebra.png", alt_text="a zebra")
    quoted = ReferencedPost(kind=ReferenceKind.QUOTED, id="7", text="zebras forever")
    post = a_post(
        "9000",
        "@acme my zebra costume never came",
        author=ZEBRA,
        media=(picture,),
        context=PostContext(references=(quoted,), named=(Named("801", "zebrafan"),)),
        url="https://x/zebraqueen/1",
    )
    arrive(store, post, now=NOW)
    arrive(store, replace(post, text="@acme the zebra costume", revision_id="9001"), now=NOW + MINUTE)
    arrive(store, a_post("9500", "@acme nothing to see", author=BEN), now=NOW)
    [case_id] = [case.id for case in cases(store) if case.author.id == ZEBRA.id]
    outage, _ = an_outage(store)
    [subscriber] = subscribed(store, ADDRESS)
    with store.unit_of_work() as uow:
        case = uow.cases.get(case_id)
        uow.cases.record_card_location(case_id, channel="C0SUPPORT", ts="1.5", digest="")
        handoff = uow.handoffs.add(
            a_handoff(
                case_id, "zebra-nonce", venue=Venue.EMAIL, address=ADDRESS, code="zebra", proof=Proof.CODE
            )
        )
        mail = a_message(
            case_id, "<zebra@example.com>", venue=Venue.EMAIL, author_id=ADDRESS, author_name="Ada Zebra",
            text="zebra by mail", subject="zebra", original="> zebra", handoff_id=handoff.id,
        )  # fmt: skip
        [mailed] = uow.messages.add_many([mail], network="email", account_id="help@acme.example")
        [file] = uow.files.add_many(
            [a_file(case_id, mailed.id, "zebra.png", content=b"zebra", source="FZEBRA")]
        )
        uow.opt_outs.add("x", "1", ZEBRA.id, text="zebra wants no messages", now=NOW)
        uow.outbox.add(
            [NotifyPerson(SAM, "U0MIA", "taken_over", case_id, "1"), Alert("of @zebraqueen", "z", "C9")],
            now=NOW,
        )
    ids = {
        "cases": case.id, "messages": mailed.id, "handoffs": handoff.id, "files": file.id,
        "outages": outage.id, "subscribers": subscriber,
    }  # fmt: skip
    fill(store, ids)
    result = {"channel": "D1", "ts": "7.7", "text": "zebra"}
    with store.engine.begin() as connection:
        about = or_(outbox.c.payload["case_id"].as_integer() == case_id, outbox.c.kind == Alert.kind)
        connection.execute(
            update(outbox).where(about).values(result=result, note="zebra", state="sent", settled_at=NOW)
        )
    entries = trail(store, case_id)
    told = ThreadPost(
        case_id=case_id,
        channel="C0SUPPORT",
        ts="5.1",
        first_audit_id=entries[0].id,
        last_audit_id=entries[-1].id,
    )
    do(store, record_thread_post, post=told, now=NOW)
    return case_id


def erased(store: Store) -> dict[str, int]:
    return do(store, erase_customer, name=NAME, by="root", now=NOW + MINUTE)


def held(store: Store, case_id: int) -> None:
    with store.unit_of_work() as uow:
        uow.records.holds.put(LegalHold(case_id=case_id, reason="court order", placed_by=SAM, placed_at=NOW))


def test_they_are_found_by_handle_id_and_verified_address(sqlite: Store) -> None:
    everywhere(sqlite)
    by_handle = find(sqlite, NAME)
    assert by_handle == find(sqlite, CustomerName("x", ZEBRA.id)) == find(sqlite, CustomerName("", ADDRESS))
    assert (len(by_handle.cases), [name for name in by_handle.names if "@" in name]) == (1, [ADDRESS])


def test_nothing_of_the_customer_is_left_in_any_table(store: Store) -> None:
    case_id = everywhere(store)
    before = marks(store)
    for table in (
        "cases",
        "messages",
        "audit",
        "outbox",
        "files",
        "subscribers",
        "machine_texts",
        "handoffs",
    ):
        assert before[table], table
    do(store, chain_entries)
    with store.unit_of_work() as uow:
        uow.records.holds.remove(case_id)
    counts = erased(store)
    assert marks(store) == {}
    assert counts == {"messages": 2, "files": 1, "cases": 1, "hand-offs": 1, "subscriptions": 1}
    assert verify_chain(store)[0].fault is None
    stored = case_of(store, case_id)
    assert (stored.state, stored.closed_by, stored.author.handle) == (CaseState.DISMISSED, "root", "")
    assert is_erased(stored.author.id)
    [first, mailed] = messages(store, case_id)
    assert first.external_id == "9000"
    assert (first.author_id, mailed.author_id) == (stored.author.id, stored.author.id)
    assert first.assessment is not None
    [other] = [case for case in cases(store) if case.id != case_id]
    assert (other.author, other.state) == (BEN, CaseState.OPEN)
    assert messages(store, other.id)[0].text == "@acme nothing to see"
    assert trail(store, other.id)[0].erased_at is None
    with store.unit_of_work() as uow:
        [summary] = [
            one for one in uow.audit.page(case_id=None, before=2**62, limit=9) if one.case_id is None
        ][-1:]
    assert (summary.action, summary.actor, dict(summary.detail)) == (Action.CUSTOMER_ERASED, "root", counts)
    assert find(store, NAME).is_known is False


def find(store: Store, name: CustomerName) -> Any:  # noqa: ANN401 - a customer
    return do(store, find_customer, name=name)


def test_what_slack_shows_is_redrawn_and_deleted(sqlite: Store) -> None:
    case_id = everywhere(sqlite)
    with sqlite.unit_of_work() as uow:
        uow.records.holds.remove(case_id)
    erased(sqlite)
    effects = {row["key"] for row in queued(sqlite) if row["state"] == "queued" and "board" not in row["key"]}
    assert {
        "delete_message:D1:7.7",
        f"update_card:{case_id}",
        f"redraw_thread:{case_id}:5.1",
        f"delete_thread_files:{case_id}:1.5",
    } <= effects
    assert "zebra" not in str(queued(sqlite)).casefold()


def test_a_legal_hold_refuses_and_so_does_an_answer_under_way(sqlite: Store) -> None:
    case_id = everywhere(sqlite)
    before = marks(sqlite)
    held(sqlite, case_id)
    with pytest.raises(CustomerHeld) as refused:
        erased(sqlite)
    assert [(one.case_id, one.reason) for one in refused.value.holds] == [(case_id, "court order")]
    with sqlite.unit_of_work() as uow:
        uow.records.holds.remove(case_id)
        uow.outbox.add([SendPublicReply(1, case_id, "x")], now=NOW)
    before.pop("legal_holds", None)
    with sqlite.engine.begin() as connection:
        send = outbox.c.kind == SendPublicReply.kind
        connection.execute(update(outbox).where(send).values(state="sending", lease_until=NOW, due_at=None))
    with pytest.raises(AnswersUnderWay):
        erased(sqlite)
    assert marks(sqlite) | {"legal_holds": []} == before | {"legal_holds": []}


SECOND_ADDRESS = "second@zebra.example"


def written_elsewhere(store: Store) -> tuple[int, int]:
    """Store a mail from a second address, in the case of Ben; return the case and the mail."""
    case = a_stored_case(store, author=BEN)
    mail = a_message(
        case.id,
        "<1@zebra.example>",
        venue=Venue.EMAIL,
        author_id=SECOND_ADDRESS,
        author_name="Z",
        text="my words",
    )
    with store.unit_of_work() as uow:
        [stored] = uow.messages.add_many([mail], network="email", account_id="help@acme.example")
        uow.files.add_many([a_file(case.id, stored.id, "a.png", content=b"a")])
    return case.id, stored.id


def test_who_only_wrote_in_the_case_of_another_is_found_exported_and_erased(store: Store) -> None:
    case_id, _ = written_elsewhere(store)
    name = CustomerName("", SECOND_ADDRESS)
    customer = find(store, name)
    assert (customer.is_known, customer.cases) == (True, ())
    with store.unit_of_work() as uow:
        rows = [(table, row) for table, row in customer_rows(uow, customer=customer)]
    assert [table for table, _ in rows] == ["messages", "files"]
    assert rows[0][1]["text"] == "my words"
    counts = do(store, erase_customer, name=name, by="root", now=NOW)
    assert (counts["messages"], counts["files"]) == (1, 1)
    bens, mail = messages(store, case_id)
    assert (bens.author_id, bens.text == "", mail.text, mail.external_id) == (BEN.id, False, "", None)
    assert is_erased(mail.author_id)
    assert case_of(store, case_id).state is CaseState.OPEN
    assert not find(store, name).is_known


def test_a_legal_hold_of_a_case_in_which_they_wrote_refuses_too(sqlite: Store) -> None:
    case_id, mail_id = written_elsewhere(sqlite)
    held(sqlite, case_id)
    with pytest.raises(CustomerHeld):
        do(sqlite, erase_customer, name=CustomerName("", SECOND_ADDRESS), by="root", now=NOW)
    with sqlite.unit_of_work() as uow:
        assert uow.messages.get(mail_id).text == "my words"


def test_everything_is_exported_but_secrets(sqlite: Store) -> None:
    everywhere(sqlite)
    with sqlite.unit_of_work() as uow:
        customer = uow.records.customers.find(NAME)
        rows = list(customer_rows(uow, customer=customer))
    tables = {table for table, _ in rows}
    assert {"cases", "messages", "files", "handoffs", "ratings", "audit", "outbox", "subscribers"} <= tables
    assert {"opt_outs", "transcripts", "suggestions", "machine_texts", "chat_sessions", "promises"} <= tables
    assert not {"nonce", "secret_hash", "content"} & {
        key
        for table, row in rows
        if table in {"handoffs", "chat_sessions", "files", "subscribers"}
        for key in row
    }
    assert "nothing to see" not in str(rows)
    assert customer.names == ("Ada Zebra", "ZebraQueen", ADDRESS)


def test_an_address_that_was_only_given_does_not_lead_to_other_cases(sqlite: Store) -> None:
    first = a_stored_case(sqlite)
    a_stored_case(sqlite, now=NOW + timedelta(days=60))
    with sqlite.unit_of_work() as uow:
        uow.handoffs.add(a_handoff(first.id, venue=Venue.EMAIL, address="Other@example.com"))
    assert find(sqlite, CustomerName("", "other@example.com")).cases == (first.id,)
    assert len(find(sqlite, CustomerName("x", first.author.id)).cases) == 2


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("x:@Ana", CustomerName("x", "Ana")),
        ("X:77", CustomerName("x", "77")),
        (" Ana@Example.com ", CustomerName("", "ana@example.com")),
        ("email:Ana@Example.com", CustomerName("", "ana@example.com")),
        ("email:ana", None),
        ("ana", None),
        ("x:", None),
        ("", None),
    ],
)
def test_a_customer_is_named_by_network_or_address(typed: str, name: CustomerName | None) -> None:
    assert customer_name(typed) == name


def test_mails_that_stand_beside_cases_of_others_are_exported_and_erased(store: Store) -> None:
    case = a_stored_case(store, author=BEN)
    with store.unit_of_work() as uow:
        there = uow.handoffs.add(a_handoff(case.id, venue=Venue.EMAIL, address="ben@example.com"))
        mine = uow.unproven_mails.add(
            replace(an_unproven_mail(case.id, there.id), address=ADDRESS, files=[A_PICTURE])
        )
        bens = uow.unproven_mails.add(replace(an_unproven_mail(case.id, there.id), external_id="2"))
    name = CustomerName("", ADDRESS)
    customer = do(store, find_customer, name=name)
    assert (customer.is_known, customer.cases, customer.unproven) == (True, (), (mine.id,))
    with store.unit_of_work() as uow:
        told = [(table, row["id"]) for table, row in customer_rows(uow, customer=customer)]
    assert [table for table, _ in told] == ["unproven_mails", "unproven_files"]
    with store.unit_of_work() as uow:
        uow.records.holds.put(LegalHold(case_id=case.id, reason="court", placed_by=SAM, placed_at=NOW))
    with pytest.raises(CustomerHeld):
        do(store, erase_customer, name=name, by="cli:me", now=NOW)
    with store.unit_of_work() as uow:
        uow.records.holds.remove(case.id)
    do(store, erase_customer, name=name, by="cli:me", now=NOW)
    with store.unit_of_work() as uow:
        assert (uow.unproven_mails.get(mine.id), uow.unproven_mails.get(bens.id)) == (None, bens)
