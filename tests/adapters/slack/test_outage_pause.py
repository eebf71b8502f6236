"""Show on boards and reviews that all sending is paused, and why a notice has not left yet."""

from dataclasses import replace

import pytest

from adapters.slack.boards.outage import render_outage_board
from adapters.slack.modals.outages.preview import render_preview
from adapters.slack.modals.outages.review import render_review
from adapters.slack.outages.ids import OutageAction
from adapters.slack.outages.wording import being_sent_text
from adapters.slack.surge.flood_board import render_board
from domain.cases.messages import Delivery
from domain.delivery.effects import held_kinds
from domain.delivery.outage_effects import AnswerLinkedCase, MailBatch, SendNotice
from domain.delivery.pause import Pause
from domain.outages.board import BoardView
from domain.outages.board_lines import BoardLine
from domain.outages.bulk_answers import BulkAnswer, BulkPurpose, BulkState, BulkView, RowState
from domain.outages.destinations import DestinationProfile
from domain.outages.notices import Publication, PublicationState
from domain.outages.subscribers import MailState, Progress
from tests.adapters.slack.inspection import said
from tests.adapters.slack.samples import NOW
from tests.adapters.slack.test_flood_board import GATHERING
from tests.adapters.slack.test_flood_board import a_board as a_flood_board
from tests.adapters.slack.test_outages import KAI, RUTH, a_board, a_review
from tests.outages import an_outage

PAUSE = Pause(id=1, paused_by="U0RUTH", paused_at=NOW)
PAUSED = "*All sending is paused* by <@U0RUTH>"


def a_line(state: PublicationState, *, error: str | None = None, mailed: int | None = None) -> BoardLine:
    progress = None if mailed is None else Progress.of({MailState.SENT: mailed}, 5).payload()
    publication = Publication(
        id=1,
        notice_id=1,
        outage_id=1,
        destination="hook",
        language="",
        state=state,
        error=error,
        sent_at=NOW,
        data={"progress": progress} if progress else {},
    )
    return BoardLine(profile=DestinationProfile(name="hook", label="Webhook"), publication=publication)


def board(*lines: BoardLine, pause: Pause | None = None) -> str:
    view = BoardView(outage=an_outage(NOW, id=1), notices=(), lines=lines, pause=pause)
    return said(render_outage_board(view))


def test_a_line_that_is_tried_again_says_why() -> None:
    told = board(a_line(PublicationState.QUEUED, error="it did not <answer> within 20 s"))
    assert "⏳ *Webhook* · not sent yet, is tried again: it did not &lt;answer&gt; within 20 s" in told
    assert "⏳ *Webhook* · sending…" in board(a_line(PublicationState.QUEUED))


def test_a_pause_holds_lines_and_mailings_that_are_not_through() -> None:
    held = board(a_line(PublicationState.QUEUED, error="no answer"), pause=PAUSE)
    assert "⏸️ *Webhook* · held until sending is resumed" in held
    assert "sending…" not in held
    assert "⏸️ *Webhook*" in board(a_line(PublicationState.SENT, mailed=2), pause=PAUSE)
    assert "2 of 5 mailed · held" in board(a_line(PublicationState.SENT, mailed=2), pause=PAUSE)
    assert "held" not in board(a_line(PublicationState.SENT, mailed=5), pause=PAUSE)


def test_a_pause_says_since_when_by_day_and_for_how_long() -> None:
    told = board(pause=PAUSE)
    assert f"{PAUSED} since <!date^" in told
    assert "{date_short_pretty} at {time}" in told
    assert "^{ago}|" in told.partition(PAUSED)[2]


@pytest.mark.parametrize(
    ("pause", "mark", "rest"), [(None, "✉️", "25 to go · 3 on the way"), (PAUSE, "⏸️", "28 held")]
)
def test_a_bulk_answer_that_is_held_says_so(pause: Pause | None, mark: str, rest: str) -> None:
    bulk = BulkAnswer(
        id=1,
        outage_id=7,
        purpose=BulkPurpose.ANSWER,
        state=BulkState.RUNNING,
        started_by="U0KAI",
        started_at=NOW,
    )
    view = BulkView(bulk=bulk, progress={"sent": 2, RowState.WAITING.value: 25, Delivery.QUEUED.value: 3})
    told = said(render_outage_board(a_board(bulks=(view,), lines=(), pause=pause)))
    assert f"{mark} *Telling linked customers that it is known:* 2 of 30 sent · {rest} · in" in told


def test_to_resume_is_asked_once_more() -> None:
    """The button stands where the one was that paused, and what it sends cannot be taken back."""
    buttons = [
        element
        for block in render_outage_board(a_board(pause=PAUSE))["blocks"]
        for element in block.get("elements", [])
        if element.get("action_id") == OutageAction.RESUME
    ]
    assert [one["confirm"]["title"]["text"] for one in buttons] == ["Resume all sending?"]


def test_all_that_can_be_being_sent_has_a_name() -> None:
    for kind in held_kinds(with_answers=True):
        told = being_sent_text({kind: 2})
        assert bool(told) == (kind != AnswerLinkedCase.kind), "its answer is held"
        assert "_" not in told
    assert being_sent_text({MailBatch.kind: 1, SendNotice.kind: 2}) == (
        "2 notices and 1 mailing, which stops within a few mails"
    )


def test_the_board_of_a_flood_says_who_paused() -> None:
    for flood in (a_flood_board(), replace(a_flood_board(), flood=GATHERING)):
        assert PAUSED not in said(render_board(flood))
        assert PAUSED in said(render_board(replace(flood, pause=PAUSE)))


def test_who_writes_or_approves_is_told_that_it_waits() -> None:
    review = a_review(pause=PAUSE)
    for view in (render_review(review, RUTH, external_id="1"), render_preview(review, KAI, external_id="1")):
        assert PAUSED in said(view)
        assert "This waits until somebody resumes." in said(view)
    assert "paused" not in said(render_review(a_review(), RUTH, external_id="1"))
