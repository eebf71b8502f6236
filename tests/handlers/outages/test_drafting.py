"""Save forms and previews as drafts: once, with texts that were changed by hand, by one writer at a time."""

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from domain.errors import Refused
from domain.outages.drafts import NoticeWords
from domain.outages.forms import AS_WRITTEN, OutageForm
from domain.outages.lifecycle import NoticeEdited, NoticePending, RightMissing
from domain.outages.notices import Notice, NoticeKind, NoticeState, Version
from domain.outages.outage import Severity
from domain.outages.policy import Right
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
FORM = OutageForm(
    title="Payments fail",
    versions=(Version(language="en", problem="Paying fails."), Version(language="de", problem="")),
    due="30",
    destinations=("page", "posts"),
)


def saved(store: Store, form: OutageForm = FORM) -> Notice:
    notice: Notice = do(store, save_form, form, rules=RULES, actor=SAM_MAY, now=NOW)
    return notice


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


def test_a_second_form_does_not_overwrite_what_a_colleague_changed(store: Store) -> None:
    first = saved(store)
    by_hand = [replace(text, text="By Mia.") for text in first.texts]
    do(store, save_texts, notice_id=first.id, version=1, texts=by_hand, actor=MIA_MAY, now=NOW)
    assert saved(store).id != first.id
    with store.unit_of_work() as uow:
        assert texts_of(uow.notices.get(first.id)) == ["By Mia.", "By Mia."]


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
    sent = do(
        store,
        send_texts,
        notice_id=notice.id,
        version=1,
        texts=notice.texts,
        rules=RULES,
        actor=SAM_MAY,
        now=NOW,
    )
    approve: dict[str, Any] = {"destinations": WHERE, "actor": MIA_MAY, "now": NOW}
    do(store, approve_seen, notice_id=notice.id, version=sent.version, seen=sent.digest, **approve)
    given: dict[str, Any] = {
        "outage_id": notice.outage_id,
        "connected": tuple(WHERE),
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
