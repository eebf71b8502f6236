"""Render boards: one message for each outage, pinned and edited in place."""

from adapters.slack.boards.approval import render_approval_request as render_approval_request
from adapters.slack.boards.approval import render_ended_request as render_ended_request
from adapters.slack.boards.outage import render_outage_board as render_outage_board
