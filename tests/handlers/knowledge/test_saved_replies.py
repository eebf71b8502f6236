"""Save, retire and bring back saved replies, on both databases."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from domain.errors import TooManyConflicts
from domain.knowledge.reply_checks import FaultKind, ReplyField
from domain.knowledge.reply_figures import ReplyProposal
from domain.knowledge.reply_refusals import NothingSent, ReplyChanged, ReplyFaulty, ReplyNotFound
from domain.knowledge.saved_replies import ReplyChange, ReplyVersion, Wording
from domain.triage.situations import Situation
from handlers.desk import Desk
from handlers.knowledge.reply_from_case import reply_form_from_case, reply_form_from_proposal
from handlers.knowledge.saved_replies import (
    ReplyEdit,
    get_reply,
    import_replies,
    list_replies,
    reply_history,
    save_reply,
    set_retired,
)
from storage.engine import Store
from storage.tables import audit
from tests.handlers.made import (
    KAI,
    MIA,
    NOW,
    POLICY,
    SAM,
    a_stored_case,
    card_view,
    do,
    in_parallel,
    networks,
    queued,
)
from tests.replies import CHECKER, GERMAN, SHIPPED, a_reply

EDIT = ReplyEdit(
    name="",
    version=0,
    title="Gift wrapping",
    situations=frozenset({Situation.QUESTION}),
    language="en",
    wordings=(Wording(language="en", text="Yes, we wrap gifts."),),
    examples=("can you wrap it",),
    public_only=False,
    owner="U0SAM",
    expires_on=None,
)
LONGER = Wording(language="en", text="Our vouchers are valid for two years.")
CHANGE = ReplyEdit(
    name=SHIPPED.name,
    version=SHIPPED.version,
    title="Voucher validity",
    situations=SHIPPED.content.situations,
    language="en",
    wordings=(LONGER,),
    examples=SHIPPED.content.examples,
    public_only=False,
    owner=SAM,
    expires_on=None,
)


def save(store: Store, edit: ReplyEdit, user_id: str = SAM) -> ReplyVersion:
    return do(store, save_reply, edit, user_id=user_id, shipped=[SHIPPED], checker=CHECKER, now=NOW)


def retire(store: Store, version: int, *, retired: bool = True, name: str = SHIPPED.name) -> ReplyVersion:
    return do(
        store,
        set_retired,
        name=name,
        version=version,
        retired=retired,
        user_id=MIA,
        shipped=[SHIPPED],
        now=NOW,
    )


def history(store: Store, name: str) -> list[tuple[int, ReplyChange, str]]:
    versions = do(store, reply_history, name=name, shipped=[SHIPPED])
    return [(version.version, version.change, version.by) for version in versions]


def audited(store: Store) -> list[tuple[str, str, dict[str, Any]]]:
    with store.engine.connect() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.id)).all()
    return [(row.actor, row.action, row.detail) for row in rows]


def test_a_new_reply_gets_a_name_and_is_in_the_audit_trail(store: Store) -> None:
    saved = save(store, EDIT)
    assert (saved.name, saved.version, saved.change, saved.by) == (
        "gift_wrapping",
        1,
        ReplyChange.CREATED,
        SAM,
    )
    assert do(store, get_reply, name="gift_wrapping", shipped=[SHIPPED]) == saved
    assert {reply.name for reply in do(store, list_replies, shipped=[SHIPPED])} == {saved.name, SHIPPED.name}
    detail = {"name": "gift_wrapping", "title": "Gift wrapping", "version": 1}
    assert audited(store) == [(SAM, "saved_reply_created", detail)]


def test_an_edit_of_a_shipped_reply_is_a_version_upon_it_and_keeps_the_other_languages(store: Store) -> None:
    saved = save(store, CHANGE)
    assert saved.content.wordings == (LONGER, GERMAN)
    assert history(store, SHIPPED.name) == [(3, ReplyChange.EDITED, SAM), (2, ReplyChange.SHIPPED, "")]


def test_an_edit_that_changes_nothing_is_no_version(store: Store) -> None:
    saved = save(store, CHANGE)
    assert save(store, replace(CHANGE, version=saved.version)) == saved
    assert len(audited(store)) == 1


def test_all_wordings_of_a_language_can_be_taken_out_but_not_the_last(store: Store) -> None:
    saved = save(store, replace(CHANGE, wordings=()))
    assert saved.content.wordings == (GERMAN,)
    with pytest.raises(ReplyFaulty) as refused:
        save(store, replace(CHANGE, version=saved.version, language="de", wordings=()))
    assert [(fault.field, fault.kind) for fault in refused.value.faults] == [
        (ReplyField.WORDING, FaultKind.EMPTY)
    ]


def test_the_second_of_two_editors_is_told_what_the_first_changed(store: Store) -> None:
    save(store, CHANGE)
    with pytest.raises(ReplyChanged) as refused:
        save(store, replace(CHANGE, title="Mine"), user_id=MIA)
    assert (refused.value.current.version, refused.value.current.by) == (3, SAM)
    assert refused.value.shown == SHIPPED
    saved = save(store, replace(CHANGE, title="Mine", version=3), user_id=MIA)
    assert (saved.version, saved.content.title) == (4, "Mine")


def test_of_edits_at_the_same_moment_one_wins(store: Store) -> None:
    edits = [replace(CHANGE, title=f"Title {n}") for n in range(4)]
    results = in_parallel([partial(save, store, edit) for edit in edits])
    refused = [result for result in results if isinstance(result, ReplyChanged | TooManyConflicts)]
    [saved] = [result for result in results if isinstance(result, ReplyVersion)]
    assert len(refused) == len(edits) - 1
    assert do(store, get_reply, name=SHIPPED.name, shipped=[SHIPPED]) == saved
    assert len(history(store, SHIPPED.name)) == 2


def test_two_new_replies_of_one_title_at_the_same_moment_are_one(store: Store) -> None:
    results = in_parallel([partial(save, store, EDIT) for _ in range(3)])
    assert sum(isinstance(result, ReplyVersion) for result in results) == 1
    assert sum(isinstance(result, ReplyFaulty) for result in results) == 2


def test_faults_name_the_wording_of_the_form(store: Store) -> None:
    bad = Wording(language="de", text="Hallo {{ vorname }}")
    with pytest.raises(ReplyFaulty) as refused:
        save(store, replace(CHANGE, language="de", wordings=(GERMAN, bad), title=""))
    found = [(fault.field, fault.wording, fault.detail) for fault in refused.value.faults]
    assert found == [(ReplyField.TITLE, 0, ""), (ReplyField.WORDING, 1, "vorname")]
    assert audited(store) == []


def test_a_reply_is_retired_and_brought_back(store: Store) -> None:
    assert retire(store, 2).is_retired
    assert not retire(store, 3, retired=False).is_retired
    assert [change for _, change, _ in history(store, SHIPPED.name)] == [
        ReplyChange.RESTORED,
        ReplyChange.RETIRED,
        ReplyChange.SHIPPED,
    ]
    assert [action for _, action, _ in audited(store)] == ["saved_reply_retired", "saved_reply_restored"]


def test_to_retire_what_was_edited_meanwhile_is_refused(store: Store) -> None:
    save(store, CHANGE)
    with pytest.raises(ReplyChanged):
        retire(store, 2)
    with pytest.raises(ReplyNotFound):
        retire(store, 1, name="nothing")


def test_an_edit_of_a_retired_reply_brings_it_back(store: Store) -> None:
    retire(store, 2)
    assert save(store, replace(CHANGE, version=3)).change is ReplyChange.RESTORED


def test_a_retired_reply_is_no_longer_suggested_on_a_card(store: Store) -> None:
    case = a_stored_case(store)
    suggestion = card_view(store, case).suggestion
    assert suggestion is not None
    shipped = [a_reply(name=suggestion.name, version=int(suggestion.version))]
    do(
        store,
        set_retired,
        name=suggestion.name,
        version=shipped[0].version,
        retired=True,
        user_id=MIA,
        shipped=shipped,
        now=NOW,
    )
    assert card_view(store, case).suggestion is None
    assert [row["payload"]["case_id"] for row in queued(store, "update_card")] == [case.id]


def test_an_import_saves_what_differs(store: Store) -> None:
    new = a_reply(name="new", title="New", version=5)
    retired = a_reply(name="gone", change=ReplyChange.RETIRED, version=1)
    edited = a_reply(title="Other title", version=9)
    given: dict[str, Any] = {"replies": [new, retired, edited], "shipped": [SHIPPED], "now": NOW}
    changed = do(store, import_replies, imported_by="root (terminal)", **given)
    assert [(reply.name, reply.version, reply.change) for reply in changed] == [
        ("new", 5, ReplyChange.CREATED),
        ("gone", 1, ReplyChange.RETIRED),
        (SHIPPED.name, 9, ReplyChange.EDITED),
    ]
    assert do(store, import_replies, imported_by="root (terminal)", **given) == []
    assert {actor for actor, _, _ in audited(store)} == {"root (terminal)"}


async def test_without_an_answer_there_is_none_to_save(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    with pytest.raises(NothingSent):
        await desk.run(
            reply_form_from_case,
            case_id=case.id,
            user_id=KAI,
            policy=POLICY,
            our_account=networks().our_account,
        )


async def test_the_examples_of_a_proposal_lack_no_word(store: Store, desk: Desk) -> None:
    case = a_stored_case(store)
    asked = ("Does @acme do Sunday deliveries?", "@acme sunday delivery?", "do @friend and @acme do sundays")
    proposal = ReplyProposal(key="k", text="Not yet.", case_id=case.id, examples=asked, count=3)
    form = await desk.run(
        reply_form_from_proposal,
        proposal=proposal,
        user_id=KAI,
        policy=POLICY,
        our_account=networks().our_account,
    )
    assert form.examples == ("Does acme do Sunday deliveries?", "sunday delivery?")
