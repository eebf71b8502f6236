"""Erase a customer while a colleague saves a saved reply whose example quotes them: the words do not stay."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from domain.intake.posts import Author
from domain.knowledge.reply_checks import FaultKind, ReplyField
from domain.knowledge.reply_refusals import ReplyFaulty
from domain.knowledge.saved_replies import ReplyVersion
from domain.records.erasure import CustomerName
from handlers.intake.deletion_sweep import next_sweep_batch, posts_in_batch, redact_deleted_posts
from handlers.intake.redaction import redact_post
from handlers.knowledge.saved_replies import count_erasures, get_reply, save_reply, set_retired
from handlers.records.customers import erase_customer
from storage.engine import Store
from storage.knowledge_tables import saved_replies
from storage.unit_of_work import UnitOfWork
from tests.handlers.intake.test_deletion_sweep import SWEEP, WEEK
from tests.handlers.knowledge.test_saved_replies import EDIT, save
from tests.handlers.made import ACME, NOW, POLICY, SAM, a_post, a_stored_case, arrive, cases, do, messages
from tests.handlers.outages.test_races import meanwhile
from tests.replies import CHECKER

ZEBRA = Author(id="800", handle="zebra", name="Zebra", followers=1)
WORDS = "my striped parcel never came and the courier laughed at my zebra"
QUOTING = replace(EDIT, examples=("can you wrap it", WORDS))
ERASE: dict[str, Any] = {"name": CustomerName("x", ZEBRA.id), "by": "root", "now": NOW}


def quoted(store: Store) -> ReplyVersion:
    """Store a customer's post, and a saved reply that quotes it."""
    arrive(store, a_post("1", WORDS, author=ZEBRA))
    return save(store, QUOTING)


def said(store: Store) -> list[str]:
    """Return the stored contents of all versions that hold the customer's words."""
    with store.engine.connect() as connection:
        contents = map(str, connection.scalars(select(saved_replies.c.content)))
        return [one for one in contents if "striped" in one]


def retire(uow: UnitOfWork, version: int) -> object:
    return set_retired(
        uow, name="gift_wrapping", version=version, retired=True, user_id=SAM, shipped=[], now=NOW
    )


def add_version(uow: UnitOfWork, version: int) -> object:
    edit = replace(QUOTING, name="gift_wrapping", version=version, title="Wrapping", erasures=0)
    return save_reply(uow, edit, user_id=SAM, shipped=[], checker=CHECKER, now=NOW)


def erasing(_store: Store) -> Callable[[UnitOfWork], object]:
    return partial(erase_customer, **ERASE)


def redacting(store: Store) -> Callable[[UnitOfWork], object]:
    [message] = messages(store, cases(store)[0].id)
    return partial(redact_post, message_id=message.id, policy=POLICY, now=NOW)


@pytest.mark.parametrize("removing", [erasing, redacting])
@pytest.mark.parametrize("act", [retire, add_version])
def test_a_version_that_is_saved_while_words_are_erased_does_not_keep_them(
    store: Store,
    act: Callable[[UnitOfWork, int], object],
    removing: Callable[[Store], Callable[[UnitOfWork], object]],
) -> None:
    version = quoted(store).version
    remove = removing(store)
    with meanwhile(store) as (uow, other):
        remove(uow)
        saved = other(act, version=version)
    if act is add_version:
        with pytest.raises(ReplyFaulty):
            saved.result(30)
    else:
        saved.result(30)
    assert said(store) == []


@pytest.mark.parametrize("act", [retire, add_version])
def test_a_customer_who_is_erased_while_a_version_is_saved_is_not_in_it(
    store: Store, act: Callable[[UnitOfWork, int], object]
) -> None:
    version = quoted(store).version
    with meanwhile(store) as (uow, other):
        act(uow, version)
        erased = other(erase_customer, **ERASE)
    erased.result(30)
    assert said(store) == []


def test_a_form_that_was_open_while_a_customer_was_erased_is_not_saved(store: Store) -> None:
    version = quoted(store).version
    do(store, erase_customer, **ERASE)
    assert said(store) == []
    for edit in (QUOTING, replace(QUOTING, name="gift_wrapping", version=version)):
        with pytest.raises(ReplyFaulty) as refused:
            save(store, replace(edit, erasures=0))
        [fault] = refused.value.faults
        assert (fault.field, fault.kind) == (ReplyField.EXAMPLES, FaultKind.ERASED)
    assert said(store) == []
    again = replace(EDIT, name="gift_wrapping", version=version, title="Wraps", erasures=1)
    assert save(store, again).content.title == "Wraps"


def test_a_form_that_was_open_while_a_post_was_deleted_is_not_saved(store: Store) -> None:
    version = quoted(store).version
    [message] = messages(store, cases(store)[0].id)
    redact: dict[str, Any] = {"message_id": message.id, "policy": POLICY, "now": NOW}
    assert do(store, redact_post, **redact)
    assert do(store, count_erasures) == 1
    for edit in (QUOTING, replace(QUOTING, name="gift_wrapping", version=version)):
        with pytest.raises(ReplyFaulty) as refused:
            save(store, replace(edit, erasures=0))
        assert [fault.kind for fault in refused.value.faults] == [FaultKind.ERASED]
    assert said(store) == []
    assert not do(store, redact_post, **redact)
    again = replace(EDIT, name="gift_wrapping", version=version, title="Wraps", erasures=1)
    assert save(store, again).content.title == "Wraps"


def test_a_form_that_adds_no_example_is_saved_whatever_was_deleted_meanwhile(store: Store) -> None:
    version = save(store, EDIT).version
    arrive(store, a_post("1", WORDS, author=ZEBRA))
    [message] = messages(store, cases(store)[0].id)
    do(store, redact_post, message_id=message.id, policy=POLICY, now=NOW)
    edit = replace(EDIT, name="gift_wrapping", version=version, title="Wraps", erasures=0)
    assert save(store, edit).content.title == "Wraps"


def test_two_customers_without_a_word_who_are_erased_at_once_are_counted_both(store: Store) -> None:
    for number in ("1", "2"):
        arrive(store, a_post(number, "", author=replace(ZEBRA, id=f"80{number}")))
    with meanwhile(store) as (uow, other):
        erase_customer(uow, **{**ERASE, "name": CustomerName("x", "801")})
        second = other(erase_customer, **{**ERASE, "name": CustomerName("x", "802")})
    second.result(30)
    assert do(store, count_erasures) == 2


def test_a_form_that_is_filled_while_a_customer_is_erased_is_not_saved(store: Store) -> None:
    version = quoted(store).version
    with meanwhile(store) as (uow, other):
        erase_customer(uow, **ERASE)
        counted = other(count_erasures)
        shown = other(get_reply, name="gift_wrapping", shipped=[])
    reply = shown.result(30)
    edit = replace(
        QUOTING,
        name=reply.name,
        version=version,
        title="Wrapping",
        examples=reply.content.examples,
        erasures=counted.result(30),
    )
    with suppress(ReplyFaulty):  # where the form waits for the erasure, it has no such words
        save(store, edit)
    assert said(store) == []


def test_a_second_erasure_is_told_from_the_first(store: Store) -> None:
    for number, author in enumerate((ZEBRA, replace(ZEBRA, id="801")), start=1):
        arrive(store, a_post(str(number), WORDS, author=author))
        do(store, erase_customer, **{**ERASE, "name": CustomerName("x", author.id)})
        assert do(store, count_erasures) == number


def test_a_sweep_of_several_cases_locks_no_examples_before_its_last_case(store: Store) -> None:
    """Else it and who redacts a post of that case wait for each other."""
    a_stored_case(store)
    a_stored_case(store, WORDS, author=ZEBRA)
    batch = do(store, next_sweep_batch, account=ACME, within=WEEK, now=NOW)
    assert batch is not None
    posts = do(store, posts_in_batch, account=ACME, batch=batch, after_id=0, limit=9)
    assert len({post.case_id for post in posts}) == 2
    with meanwhile(store) as (uow, other):
        uow.cases.lock([posts[-1].case_id])
        swept = other(
            redact_deleted_posts,
            stream=SWEEP,
            batch=batch,
            up_to_id=posts[-1].id,
            posts=posts,
            deleted_ids=frozenset(str(post.external_id) for post in posts),
            policy=POLICY,
            now=NOW,
        )
        uow.saved_replies.lock()
    assert swept.result(30) == 2
