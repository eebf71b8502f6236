"""Render the audit trail: who did what, by name."""

from datetime import UTC, datetime

import pytest

from adapters.slack.records.audit_trail import render_trail
from domain.records.audit import SYSTEM, Action, Entry
from tests.adapters.slack.inspection import check_message

NOW = datetime(2026, 11, 29, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        ("U0MIA", "✓ The reply was sent · <@U0MIA> · case 7"),
        ("root@desk <b>", "✓ The reply was sent · root@desk &lt;b&gt; · case 7"),
        (SYSTEM, "✓ The reply was sent · case 7"),
    ],
)
def test_who_did_it_is_named_where_the_line_does_not_say_so(actor: str, shown: str) -> None:
    entry = Entry(at=NOW, actor=actor, action=Action.REPLY_SENT, case_id=7, version=1)
    content = render_trail(None, [entry], older=False, team_url="https://acme.slack.com/")
    check_message(content, people=frozenset({"U0MIA"}))
    assert content["blocks"][1]["text"]["text"].endswith(shown)
