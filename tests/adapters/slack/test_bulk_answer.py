"""The form by which linked customers are answered in bulk, and its results."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.slack.action_ids import BadValue
from adapters.slack.modals.outages.bulk_answer import (
    BulkMetadata,
    fault_text,
    parse_bulk_metadata,
    render_bulk_form,
    render_results,
)
from domain.cases.case import CaseState
from domain.cases.messages import Delivery
from domain.outages.bulk_answers import BulkPurpose, BulkRow, BulkState, RowState, SkipReason
from domain.outages.bulk_forms import (
    MAX_LANGUAGES,
    BulkForm,
    BulkPlan,
    BulkResult,
    BulkResults,
    LanguageWordings,
    WordingFault,
)
from domain.replies.rules_of_engagement import RuleViolation
from handlers.slack.outage_answers import typed_wordings
from tests.adapters.slack.inspection import action_ids, check_view, said
from tests.adapters.slack.samples import TEAM_URL, case
from tests.adapters.slack.test_outage_links import HOSTILE, OUTAGE, a_bulk

PEOPLE = frozenset({"U0MIA", "U0SAM"})


def a_form(number: int = 12, **changes: Any) -> BulkForm:  # noqa: ANN401 - any field
    plan = BulkPlan(
        texts=[(case(id=n), f"Hi, {HOSTILE} {n}") for n in range(number)],
        skipped=[(case(id=90), SkipReason.ANSWERED), (case(id=91), SkipReason.ANSWERED)],
        duration=timedelta(minutes=3),
        cost=0.12,
    )
    languages = [
        LanguageWordings(language="en", people=10, lines=("sorry.", "we know."), is_chosen=True),
        LanguageWordings(language="nl", people=4, lines=(), is_chosen=False),
    ]
    made = BulkForm(outage=OUTAGE, purpose=BulkPurpose.ANSWER, languages=languages, plan=plan, by="U0MIA")
    return replace(made, **changes)


def test_the_form_says_who_is_answered_how_long_it_takes_and_in_whose_name() -> None:
    shown = render_bulk_form(a_form())
    check_view(shown, people=PEOPLE)
    text = said(shown)
    assert "*12 people* will be answered in public, in the name of <@U0MIA>" in text
    assert "takes about 3 minutes · costs about $0.12" in text
    assert "Not answered: 2 answered already" in text
    assert "the first 10 of 12" in text
    assert shown["submit"]["text"] == "Send 12 answers"
    form = a_form()
    assert parse_bulk_metadata(shown["private_metadata"]) == BulkMetadata(7, BulkPurpose.ANSWER, form.digest)


def test_wordings_without_room_are_counted() -> None:
    one = replace(a_form().languages[0], left_out=2)
    shown = render_bulk_form(a_form(languages=[one]))
    check_view(shown, people=PEOPLE)
    assert "2 approved wordings more: no room here, so not sent" in said(shown)


def of_languages(number: int) -> list[LanguageWordings]:
    names = [f"{first}{second}" for first in "abcdefgh" for second in "abcdefgh"]
    return [
        LanguageWordings(language=name, people=3, lines=(f"sorry in {name}." * 40,), is_chosen=name != "ac")
        for name in names[:number]
    ]


def test_every_language_is_reached_however_many_they_are() -> None:
    shown = render_bulk_form(a_form(languages=of_languages(MAX_LANGUAGES), unlisted={"xx": 4, "yy": 1}))
    check_view(shown, people=PEOPLE)
    assert "5 linked cases in 2 more languages have no room here" in said(shown)
    values: dict[str, Any] = {}
    for block in shown["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            state = {
                "value": element.get("initial_value"),
                "selected_options": element.get("initial_options"),
            }
            values[block["block_id"]] = {element["action_id"]: state}
    typed = typed_wordings(values)
    assert typed.chosen == {one.language for one in of_languages(MAX_LANGUAGES) if one.language != "ac"}
    assert typed.lines == {one.language: one.lines for one in of_languages(MAX_LANGUAGES)}


def test_a_single_language_needs_no_tick() -> None:
    shown = render_bulk_form(a_form(languages=of_languages(1)))
    assert not any("outage.who" in str(block.get("block_id")) for block in shown["blocks"])
    values = {"outage.wordings.aa": {"outage.wordings": {"value": "sorry."}}}
    assert typed_wordings(values).chosen == {"aa"}


def test_people_whose_case_is_closed_are_a_group_of_their_own() -> None:
    plan = a_form().plan
    closed = [(case(id=n, state=CaseState.RESOLVED), "Hi, it works again.") for n in (50, 51)]
    form = a_form(plan=replace(plan, texts=[*plan.texts, *closed]), purpose=BulkPurpose.SOLVED)
    assert "*14 people* (2 of them in closed cases) will be answered in public" in said(
        render_bulk_form(form)
    )


def test_wordings_are_one_a_line_and_a_language_without_any_is_not_ticked() -> None:
    shown = render_bulk_form(a_form())
    english, dutch = (block for block in shown["blocks"] if "Wordings" in str(block.get("label")))
    assert english["element"]["initial_value"] == "sorry.\nwe know."
    assert "initial_value" not in dutch["element"]
    who = next(block for block in shown["blocks"] if block.get("block_id") == "outage.who.0")
    assert [one["value"] for one in who["element"]["initial_options"]] == ["en"]


def test_nobody_to_answer_is_said() -> None:
    shown = render_bulk_form(a_form(0))
    assert "Nobody can be answered now" in said(shown)
    assert shown["submit"]["text"] == "Check again"


def test_faults_are_told_by_line() -> None:
    unknown = WordingFault(line="{{ nonsense }}")
    assert "cannot be filled" in fault_text(unknown)
    loud = WordingFault(
        line="WE KNOW", violations=(RuleViolation(rule="all_caps", reason="Do not shout.", hard=True),)
    )
    assert fault_text(loud) == "“WE KNOW” Do not shout."
    language = LanguageWordings(
        language="en", people=1, lines=(HOSTILE,), is_chosen=True, fault=WordingFault(line=HOSTILE)
    )
    check_view(render_bulk_form(a_form(languages=[language])), people=PEOPLE)


def test_another_wording_has_another_digest() -> None:
    form = a_form()
    other = replace(form.languages[0], lines=("sorry.",))
    assert replace(form, languages=[other]).digest != form.digest


@pytest.mark.parametrize("text", [None, "", "1:answer:", "1:other:0123456789abcdef", "x"])
def test_foreign_metadata_are_refused(text: object) -> None:
    with pytest.raises(BadValue):
        parse_bulk_metadata(text)


def a_result(number: int, state: RowState, **changes: Any) -> BulkResult:  # noqa: ANN401 - any field
    row = BulkRow(id=number, bulk_id=3, case_id=number, text=HOSTILE, state=state)
    made = BulkResult(row=row, case=case(id=number), delivery=None)
    return replace(made, **changes)


def test_results_tell_what_became_of_each() -> None:
    rows = [
        a_result(1, RowState.QUEUED, delivery=Delivery.SENT),
        a_result(2, RowState.QUEUED, delivery=Delivery.UNSURE),
        a_result(3, RowState.WAITING),
    ]
    skipped = a_result(4, RowState.SKIPPED)
    rows.append(replace(skipped, row=replace(skipped.row, reason=SkipReason.CLAIMED)))
    results = BulkResults(outage=OUTAGE, bulk=a_bulk(BulkState.RUNNING).bulk, results=rows, page=1, total=90)
    shown = render_results(results, team_url=TEAM_URL)
    check_view(shown)
    text = said(shown)
    for words in ("✓ sent", "❓ not sure", "⏳ to go", "➖ skipped: claimed by a colleague"):
        assert words in text
    assert {"outage.results_page", "outage.results_back"} <= action_ids(shown)
