"""Say what `/outage` can do, and what was probably meant by what it does not know."""

import pytest

from adapters.slack.outages.command_answers import render_outage_help
from domain.access import Permission
from tests.adapters.slack.inspection import check_message, said

ALL = frozenset(Permission)
ON_THE_BOARD = "That is done on the board of the outage, to which `/outage list` leads."
BY_A_FORM = "To say what is broken, type `/outage` alone: it opens a form."


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("lst", "there is no `/outage lst`. Did you mean `/outage list`?"),
        ("Maintainance 5 pm", "there is no `/outage Maintainance 5 pm`. Did you mean `/outage maintenance`?"),
        ("resolve", f"there is no `/outage resolve`. {ON_THE_BOARD}"),
        ("Close it", f"there is no `/outage Close it`. {ON_THE_BOARD}"),
        ("payments are down", f"there is no `/outage payments are down`. {BY_A_FORM}"),
        ("<b>`x", f"there is no `/outage &lt;b&gt;ˋx`. {BY_A_FORM}"),
        ("z" * 500, f"there is no `/outage {'z' * 39}…`. {BY_A_FORM}"),
    ],
)
def test_what_is_not_known_is_named_with_what_was_meant(typed: str, shown: str) -> None:
    content = render_outage_help(ALL, unknown=typed)
    check_message(content)
    assert f"⚠️ Nothing was done: {shown}\n" in said(content)
    assert "/outage pause" in said(content)


def test_nothing_is_proposed_that_the_reader_may_not_use() -> None:
    shown = said(render_outage_help({Permission.PAUSE_SENDING}, unknown="lst"))
    assert "there is no `/outage lst`.\n" in shown
    assert "Nothing was done" not in said(render_outage_help(ALL))
