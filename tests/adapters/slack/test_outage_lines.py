"""Render what a person has to do about the lines of an outage's board."""

from dataclasses import replace

from adapters.slack.boards.outage import render_outage_board
from domain.outages.notices import TAKEN_BACK, NoticeKind, PublicationState
from tests.adapters.slack.inspection import labels, said
from tests.adapters.slack.test_outages import a_board, line


def test_an_unsure_line_says_what_waits_until_it_is_settled() -> None:
    """Else whoever approved an update takes the line for the update's, or the update for lost."""
    unsure = replace(line(PublicationState.UNSURE), kind=NoticeKind.ANNOUNCEMENT, held=NoticeKind.UPDATE)
    told = said(render_outage_board(a_board(lines=(unsure,))))
    assert "❓ *Posts (announcement)* · *not sure that it was sent:* locked." in told
    assert "then press. The update waits for that." in told


def test_the_board_asks_what_becomes_of_an_update_that_waits() -> None:
    unsure = line(PublicationState.UNSURE)
    for held, offered in (
        (NoticeKind.UPDATE, ["It is there", "Send it again", "Go on without it"]),
        (None, ["It is there", "It is not there", "Linked cases…"]),
    ):
        board = render_outage_board(a_board(lines=(replace(unsure, held=held),)))
        assert labels(board)[:3] == offered


def test_what_was_taken_back_is_no_fault() -> None:
    marks = {"it says 401": ("❌", "primary"), TAKEN_BACK: ("↩️", None)}
    for reason, (mark, style) in marks.items():
        board = render_outage_board(a_board(lines=(line(PublicationState.FAILED, reason),)))
        assert f"{mark} *Posts* · *not sent:* {reason}" in said(board)
        [again] = [one["accessory"] for one in board["blocks"] if "Try again" in str(one.get("accessory"))]
        assert again.get("style") == style


def test_an_unsure_line_leads_to_where_it_would_be() -> None:
    unsure = line(PublicationState.UNSURE)
    unsure = replace(unsure, publication=replace(unsure.publication, url=None))
    assert "Look there, then press." in said(render_outage_board(a_board(lines=(unsure,))))
    posts = replace(unsure.profile, own_page="https://town.example/acme")
    told = said(render_outage_board(a_board(lines=(replace(unsure, profile=posts),))))
    assert "<https://town.example/acme|Look there>, then press." in told
