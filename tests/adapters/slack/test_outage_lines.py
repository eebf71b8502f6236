"""Render what a person has to do about the lines of an outage's board."""

from dataclasses import replace

from adapters.slack.boards.outage import render_outage_board
from domain.outages.notices import PublicationState
from tests.adapters.slack.inspection import said
from tests.adapters.slack.test_outages import a_board, line


def test_an_unsure_line_leads_to_where_it_would_be() -> None:
    unsure = line(PublicationState.UNSURE)
    unsure = replace(unsure, publication=replace(unsure.publication, url=None))
    assert "Look there, then press." in said(render_outage_board(a_board(lines=(unsure,))))
    posts = replace(unsure.profile, own_page="https://town.example/acme")
    told = said(render_outage_board(a_board(lines=(replace(unsure, profile=posts),))))
    assert "<https://town.example/acme|Look there>, then press." in told
