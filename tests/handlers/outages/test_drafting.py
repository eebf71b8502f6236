"""Save forms and previews as drafts: once, with texts that were changed by hand, by one writer at a time."""

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from domain.errors import Refused
from domain.outages.drafts import NoticeWords
from domain.outages.forms import AS_WRITTEN, OutageForm
from domain.outages.lifecycle import NoticeEdited, NoticePending, OutageOpened, RightMissing
from domain.outages.notices import Notice, NoticeKind, NoticeState, Version
from domain.outages.outage import OutageKind, Severity
from domain.outages.policy import Component, Right
from domain.outages.stated_facts import StatedFacts, facts_of
from domain.records.audit import Action
from handlers.outages.drafting import DraftRules, begin_form, load_form, save_form, save_texts, send_texts
from handlers.outages.reviews import approve_seen
from handlers.outages.views import list_outages
from storage.engine import Store
from tests.handlers.made import MINUTE, NOW, do
from tests.handlers.outages.made import MIA_MAY, OUTAGE_POLICY, SAM_MAY, ListDestination, destinations

WHERE = destinations(page=ListDestination(), posts=ListDestination())
SENTENCES = {
    "en": {
        **{kind.value: "{problem}" for kind in NoticeKind},
        "maintenance": "{problem}",
        "maintenance_done": "Done: {problem}",
        "maintenance_cancelled": "Cancelled: {problem}",
        "meanwhile": "{workaround}",
        "window": "{start} {end}",
        "next_update": "By {time}.",
        "blame": "",
    }
}
RULES = DraftRules(
    policy=OUTAGE_POLICY,
    words=NoticeWords(sentences=SENTENCES, zone=UTC),
    destinations=WHERE,
    zone=UTC,
)
#: Seconds in which the second would open another outage, if it did not wait for the first.
HEAD_START = 0.5
FORM = OutageForm(
    title="Payments fail",
    versions=(Version(language="en", problem="Paying fails."), Version(language="de", problem="")),
    due="30",
    destinations=("page", "posts"),
    key="form-1",
)


def saved(store: Store, form: OutageForm = FORM) -> Notice:
    notice: Notice = do(store, save_form, form, rules=RULES, actor=SAM_MAY, now=NOW)
    return notice


def announced(store: Store, notice: Notice) -> None:
    """Have Sam send it for approval, and Mia approve it."""
    given: dict[str, Any] = {"notice_id": notice.id, "texts": notice.texts, "rules": RULES, "now": NOW}
    sent = do(store, send_texts, version=notice.version, actor=SAM_MAY, **given)
    approve: dict[str, Any] = {"destinations": WHERE, "actor": MIA_MAY, "now": NOW}
    do(store, approve_seen, notice_id=notice.id, version=sent.version, seen=sent.digest, **approve)


def texts_of(notice: Notice) -> list[str]:
    return [text.text for text in notice.texts]


def test_a_form_becomes_a_draft_with_a_text_for_each_destination(store: Store) -> None:
    notice = saved(store)
    assert notice.state is NoticeState.DRAFT
    assert [text.destination for text in notice.texts] == ["page", "posts"]
    assert all(text.startswith("Paying fails.") and "By 12:30 UTC." in text for text in texts_of(notice))
    assert [version.language for version in notice.versions] == ["en"], "empty languages are left out"


def test_a_form_that_is_submitted_twice_opens_one_outage(store: Store) -> None:
    first = saved(store)
    again = saved(store, replace(FORM, versions=(Version(language="en", problem="Paying fails again."),)))
    assert again.id == first.id
    assert len(do(store, list_outages, limit=10)) == 1
    assert texts_of(again)[0].startswith("Paying fails again.")


def test_a_form_submitted_again_does_not_overwrite_what_a_colleague_changed(store: Store) -> None:
    first = saved(store)
    by_hand = [replace(text, text="By Mia.") for text in first.texts]
    do(store, save_texts, notice_id=first.id, version=1, texts=by_hand, actor=MIA_MAY, now=NOW)
    with pytest.raises(NoticeEdited):
        saved(store)
    with store.unit_of_work() as uow:
        assert texts_of(uow.notices.get(first.id)) == ["By Mia.", "By Mia."]


def test_another_form_of_the_same_title_is_a_draft_of_its_own(store: Store) -> None:
    first = saved(store)
    other = saved(store, replace(FORM, key="form-2", newest_outage=first.outage_id))
    assert other.outage_id != first.outage_id
    with store.unit_of_work() as uow:
        assert uow.notices.get(first.id) == first


def test_who_opens_a_second_outage_is_told_of_the_first_and_may_go_on(store: Store) -> None:
    first = saved(store)
    by_mia = replace(FORM, key="form-2", title="Cards fail")
    with pytest.raises(OutageOpened) as refused:
        do(store, save_form, by_mia, rules=RULES, actor=MIA_MAY, now=NOW)
    assert refused.value.outage.id == first.outage_id
    assert len(do(store, list_outages, limit=10)) == 1
    planned = replace(by_mia, outage_kind=OutageKind.MAINTENANCE, key="form-3")
    for form in (planned, replace(by_mia, newest_outage=first.outage_id)):
        do(store, save_form, form, rules=RULES, actor=MIA_MAY, now=NOW)
    assert len(do(store, list_outages, limit=10)) == 3


def test_of_two_who_open_an_outage_at_the_same_moment_the_second_is_told(store: Store) -> None:
    by_mia = replace(FORM, key="form-2", title="Cards fail")

    def by_another() -> object:
        return do(store, save_form, by_mia, rules=RULES, actor=MIA_MAY, now=NOW)

    with ThreadPoolExecutor(1) as thread:
        with store.unit_of_work() as uow:
            first = save_form(uow, FORM, rules=RULES, actor=SAM_MAY, now=NOW)
            second = thread.submit(by_another)
            wait([second], timeout=HEAD_START if store.workers > 1 else 0)
        with pytest.raises(OutageOpened) as refused:
            second.result(30)
    assert refused.value.outage.id == first.outage_id
    assert len(do(store, list_outages, limit=10)) == 1


def test_an_update_changes_what_is_stated_once_it_is_approved(store: Store) -> None:
    notice = saved(store)
    announced(store, notice)
    form = do(
        store,
        begin_form,
        outage_id=notice.outage_id,
        kind=NoticeKind.UPDATE,
        destinations=WHERE,
        due="30",
        now=NOW,
    )
    assert (form.title, form.severity) == ("Payments fail", Severity.MAJOR)
    written = replace(
        form,
        title="Cards fail",
        severity=Severity.MINOR,
        components=("Cards",),
        versions=(Version(language="en", problem="Only cards fail."),),
    )
    policy = replace(OUTAGE_POLICY, components=(Component(name="Cards"),))
    rules = replace(RULES, policy=policy)
    update = do(store, save_form, written, rules=rules, actor=SAM_MAY, now=NOW)
    [outage] = do(store, list_outages, limit=10)
    assert outage.title == "Payments fail", "nothing has left yet"
    assert do(store, load_form, notice_id=update.id).severity is Severity.MINOR
    assert replace(update, facts=facts_of(outage)).digest != update.digest, "it is part of what is approved"
    announced(store, update)
    [outage] = do(store, list_outages, limit=10)
    assert facts_of(outage) == StatedFacts(title="Cards fail", severity=Severity.MINOR, components=("Cards",))
    with store.unit_of_work() as uow:
        [entry] = [one for one in uow.audit.of_outage(outage.id) if one.action is Action.OUTAGE_CHANGED]
        assert uow.notices.get(notice.id).facts == notice.facts, "what was stated before stays on record"
    assert entry.detail["authors"] == [SAM_MAY.user_id]
    assert entry.detail["changes"] == {
        "title": {"from": "Payments fail", "to": "Cards fail"},
        "severity": {"from": "major", "to": "minor"},
        "components": {"from": "", "to": "Cards"},
    }


def test_components_that_the_form_cannot_name_stay(store: Store) -> None:
    """Without components in the settings, the form has no choice of them."""
    notice = saved(store, replace(FORM, components=("Payments",)))
    announced(store, notice)
    form = do(
        store,
        begin_form,
        outage_id=notice.outage_id,
        kind=NoticeKind.UPDATE,
        destinations=WHERE,
        due="30",
        now=NOW,
    )
    update = saved(store, replace(form, components=(), versions=(Version(language="en", problem="New."),)))
    assert update.facts is not None
    assert update.facts.components == ("Payments",)


def test_texts_changed_by_hand_stay_unless_the_form_says_something_new(store: Store) -> None:
    notice = saved(store)
    by_hand = [replace(text, text="By hand.") for text in notice.texts]
    changed = do(store, save_texts, notice_id=notice.id, version=1, texts=by_hand, actor=SAM_MAY, now=NOW)
    form = do(store, load_form, notice_id=notice.id)
    assert form.due == AS_WRITTEN
    kept = saved(store, form)
    assert texts_of(kept) == ["By hand.", "By hand."]
    new = replace(form, version=kept.version, severity=Severity.CRITICAL)
    assert texts_of(saved(store, new))[0].startswith("Paying fails.")
    assert changed.version == 2
    [outage] = do(store, list_outages, limit=10)
    assert outage.severity is Severity.CRITICAL


def test_who_writes_in_an_outdated_preview_is_told(store: Store) -> None:
    notice = saved(store)
    by_hand = [replace(text, text="By hand.") for text in notice.texts]
    given: dict[str, Any] = {"notice_id": notice.id, "version": 1, "texts": by_hand, "now": NOW}
    do(store, save_texts, actor=SAM_MAY, **given)
    with pytest.raises(Refused, match="somebody else changed this notice"):
        do(store, save_texts, actor=MIA_MAY, **given)


def test_a_promised_time_that_has_passed_is_not_sent(store: Store) -> None:
    notice = saved(store)
    given: dict[str, Any] = {
        "notice_id": notice.id,
        "version": 1,
        "texts": notice.texts,
        "rules": RULES,
        "actor": SAM_MAY,
    }
    with pytest.raises(Refused, match="the time of the next update has passed"):
        do(store, send_texts, now=NOW + 30 * MINUTE, **given)
    sent = do(store, send_texts, now=NOW + 29 * MINUTE, **given)
    assert sent.state is NoticeState.WAITING
    assert do(store, send_texts, now=NOW, **{**given, "version": sent.version}) == sent, "pressed twice"


def test_a_change_of_the_severity_alone_needs_a_new_look(store: Store) -> None:
    notice = saved(store)
    given: dict[str, Any] = {
        "notice_id": notice.id,
        "texts": notice.texts,
        "rules": RULES,
        "actor": SAM_MAY,
        "now": NOW,
    }
    seen = do(store, send_texts, version=1, **given)
    form = replace(do(store, load_form, notice_id=notice.id), severity=Severity.CRITICAL)
    changed = saved(store, form)
    again = do(store, send_texts, version=changed.version, **{**given, "texts": changed.texts})
    approve: dict[str, Any] = {"notice_id": notice.id, "destinations": WHERE, "actor": MIA_MAY, "now": NOW}
    with pytest.raises(NoticeEdited):
        do(store, approve_seen, version=seen.version, seen=seen.digest, **approve)
    approved = do(store, approve_seen, version=again.version, seen=again.digest, **approve)
    assert approved.state is NoticeState.APPROVED


def test_no_further_form_while_one_waits_and_none_without_the_right(store: Store) -> None:
    notice = saved(store)
    announced(store, notice)
    given: dict[str, Any] = {
        "outage_id": notice.outage_id,
        "destinations": WHERE,
        "due": "30",
        "now": NOW,
    }
    form = do(store, begin_form, kind=NoticeKind.UPDATE, **given)
    update = saved(store, replace(form, versions=(Version(language="en", problem="We look."),)))
    assert update.next_update_due == NOW + timedelta(minutes=30)
    with pytest.raises(NoticePending):
        do(store, begin_form, kind=NoticeKind.RESOLUTION, **given)
    nobody = replace(SAM_MAY, rights=frozenset({Right.PAUSE}))
    with pytest.raises(RightMissing):
        do(store, save_form, replace(FORM, title="Other"), rules=RULES, actor=nobody, now=NOW)
