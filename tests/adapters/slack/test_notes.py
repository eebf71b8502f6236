"""Render notes of colleagues in Details and for whoever takes a case over."""

from datetime import timedelta

from adapters.slack.modals import render_details, render_take_over
from adapters.slack.records.audit_lines import describe
from domain.cases.notes import Note
from domain.records.audit import Action, Entry
from tests.adapters.slack.inspection import check_view, said
from tests.adapters.slack.samples import NOW, OURS, TEAM_URL, case, view

PEOPLE = frozenset({"U0SAM", "U0MIA"})
HOSTILE = "<!channel> *call* her <https://evil.example|here>"


def a_note(number: int, text: str = HOSTILE) -> Note:
    return Note(id=number, case_id=12, author="U0MIA", text=text, at=NOW - timedelta(hours=1))


def test_details_and_the_form_to_take_over_show_notes_as_they_were_written() -> None:
    noted = view(case=case(claimed_by="U0SAM"), notes=[a_note(1), a_note(2, "second")])
    details = render_details(noted, [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM")
    for shown in (details, render_take_over(noted.case, noted)):
        check_view(shown, people=PEOPLE)
        text = said(shown)
        assert text.index("Notes of colleagues") < text.index(HOSTILE) < text.index("second")
    plain = render_details(view(), [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM")
    assert "Notes of colleagues" not in said(plain)


def test_the_newest_notes_are_shown_and_the_others_counted() -> None:
    noted = view(notes=[a_note(number, f"note {number:02}") for number in range(12)])
    text = said(render_details(noted, [], now=NOW, ours=OURS, team_url=TEAM_URL, reader="U0SAM"))
    assert "note 02" in text
    assert "note 01" not in text
    assert "2 earlier notes not shown." in text


def test_the_thread_says_that_there_is_a_note() -> None:
    entry = Entry(at=NOW, actor="U0SAM", action=Action.NOTE_ADDED, case_id=1, version=2)
    assert describe(entry) == "📝 <@U0SAM> added a note, which Details… shows"
