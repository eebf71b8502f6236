"""Load the form of a bulk answer: its wordings are filled and checked before anybody is written to."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from adapters.prompts.notices import load_notice_words
from domain.errors import Refused
from domain.intake.posts import Author
from domain.outages.answer_wordings import lines_of
from domain.outages.bulk_answers import BulkAnswer, BulkPurpose, RowState, SkipReason
from domain.outages.bulk_forms import BulkForm, TypedWordings
from domain.outages.lifecycle import Actor, RightMissing
from domain.outages.notices import Version
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement
from domain.triage.form_of_address import DEFAULT_FORMS
from handlers.outages import bulk_forms
from handlers.outages.bulk_forms import BulkMeans, load_bulk_form, load_results, start_from_form
from handlers.outages.links import confirm_links
from storage.engine import Store
from tests.handlers.context import RULES
from tests.handlers.made import KAI, NOW, SAM, a_post, a_stored_case, arrive, cases, do, networks
from tests.handlers.outages.made import SAM_MAY, ListDestination, an_outage, destinations, sent

WORDS = load_notice_words(Path("prompts/outages"), DEFAULT_FORMS, zone=UTC)
SPANISH = "@acme no puedo pagar con mi tarjeta, el pago falla siempre y necesito ayuda"
ENGLISH = Version(language="en", problem="Payments fail", workaround="Pay by transfer.")


def linked(store: Store, english: Version = ENGLISH) -> int:
    """Announce an outage with three linked customers, one of whom writes in Spanish."""
    outage, notice = an_outage(
        store,
        versions=(
            english,
            Version(language="es", problem="Los pagos fallan", workaround="Paga por transferencia."),
        ),
        next_update_due=NOW + timedelta(minutes=30),
    )
    sent(store, notice, destinations(page=ListDestination()))
    for number in range(2):
        author = Author(id=f"e{number}", handle=f"e{number}", name="Zoe", followers=1)
        a_stored_case(store, author=author)
    eva = Author(id="s", handle="s", name="Eva", followers=1)
    arrive(store, a_post("990", SPANISH, author=eva, language_hint="es"))
    ids = [case.id for case in cases(store)]
    do(store, confirm_links, outage_id=outage.id, case_ids=ids, actor=SAM_MAY, now=NOW)
    return outage.id


def means(rules: RulesOfEngagement = RULES) -> BulkMeans:
    return BulkMeans(networks=networks(), rules=rules, words=WORDS)


def load(store: Store, outage_id: int, typed: TypedWordings | None = None) -> BulkForm:
    form: BulkForm = do(
        store,
        load_bulk_form,
        outage_id=outage_id,
        purpose=BulkPurpose.ANSWER,
        typed=typed,
        means=means(),
        actor=SAM_MAY,
        now=NOW,
    )
    return form


def test_the_wordings_are_filled_with_the_time_and_the_workaround_of_the_language(store: Store) -> None:
    form = load(store, linked(store))
    by_language = {one.language: one for one in form.languages}
    assert [one.people for one in form.languages] == [2, 1]
    assert "Pay by transfer." in by_language["en"].lines[0]
    assert "Paga por transferencia." in by_language["es"].lines[0]
    assert (NOW + timedelta(minutes=30)).strftime("%H:%M UTC") in by_language["en"].lines[0]
    assert all(one.is_chosen and one.fault is None for one in form.languages)
    assert len({text for _, text in form.plan.texts}) == 3


def test_a_wording_is_one_line_and_never_cut(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    several = Version(language="en", problem="Payments fail", workaround="Pay by transfer.\nOr in cash.")
    outage_id = linked(store, several)
    monkeypatch.setattr(bulk_forms, "MAX_WORDINGS_LENGTH", 200)
    english = load(store, outage_id).languages[0]
    assert english.left_out == len(lines_of(WORDS.of("en")["answers"])) - len(english.lines) > 0
    assert all("Pay by transfer. Or in cash." in line for line in english.lines)
    assert sum(len(line) for line in english.lines) <= 200


def test_languages_without_room_are_counted_and_nobody_of_them_is_answered_unseen(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_forms, "MAX_LANGUAGES", 1)
    form = load(store, linked(store))
    assert [one.language for one in form.languages] == ["en"]
    assert form.unlisted == {"es": 1}
    assert {case.assessment.language for case, _ in form.plan.texts} == {"en"}
    assert [reason for _, reason in form.plan.skipped] == [SkipReason.NO_WORDING]


def test_only_ticked_languages_are_answered(store: Store) -> None:
    typed = TypedWordings(
        chosen=frozenset({"es"}), lines={"en": ("we know.",), "es": ("lo sabemos.", "en ello.")}
    )
    form = load(store, linked(store), typed)
    [(case, text)] = form.plan.texts
    assert case.assessment.language == "es"
    assert "Eva, " in text


def test_a_line_that_cannot_be_filled_is_a_fault_and_nobody_gets_it(store: Store) -> None:
    typed = TypedWordings(chosen=frozenset({"en"}), lines={"en": ("we know.", "{{ nonsense }}")})
    form = load(store, linked(store), typed)
    english = next(one for one in form.languages if one.language == "en")
    assert english.fault is not None
    assert (english.fault.line, english.fault.violations) == ("{{ nonsense }}", ())
    assert form.plan.texts == []


def test_a_line_that_breaks_a_rule_is_a_fault(store: Store) -> None:
    typed = TypedWordings(chosen=frozenset({"en"}), lines={"en": ("WE ARE WORKING ON THIS PROBLEM NOW",)})
    outage_id = linked(store)
    strict = RulesOfEngagement(version="1", rules=(Rule(name="all_caps", reason="Loud.", hard=True),))
    form: BulkForm = do(
        store,
        load_bulk_form,
        outage_id=outage_id,
        purpose=BulkPurpose.ANSWER,
        typed=typed,
        means=means(strict),
        actor=SAM_MAY,
        now=NOW,
    )
    english = next(one for one in form.languages if one.language == "en")
    assert english.fault is not None
    assert english.fault.violations


def test_somebody_without_the_right_may_not_open_it(store: Store) -> None:
    nobody = Actor(user_id=KAI, rights=frozenset())
    outage_id = linked(store)
    with pytest.raises(RightMissing):
        do(
            store,
            load_bulk_form,
            outage_id=outage_id,
            purpose=BulkPurpose.ANSWER,
            typed=None,
            means=means(),
            actor=nobody,
            now=NOW,
        )


def test_a_form_starts_once_and_its_results_are_paged(store: Store) -> None:
    form = load(store, linked(store))

    def start(key: str) -> BulkAnswer | None:
        started: BulkAnswer | None = do(
            store, start_from_form, form=form, client_key=key, means=means(), actor=SAM_MAY, now=NOW
        )
        return started

    bulk = start("k")
    assert bulk is not None
    assert bulk.started_by == SAM
    results = do(store, load_results, bulk_id=bulk.id, page=0)
    assert (results.total, [one.row.state for one in results.results]) == (3, [RowState.WAITING] * 3)
    assert do(store, load_results, bulk_id=bulk.id, page=1).results == []
    with pytest.raises(Refused, match="not here any more"):
        do(store, load_results, bulk_id=bulk.id + 1, page=0)
    with pytest.raises(Refused, match="being answered already"):
        start("another")
