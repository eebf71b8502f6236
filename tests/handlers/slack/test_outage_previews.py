"""Save a preview: a text that is too long for Slack's inputs has none, and stays as it is."""

from adapters.slack.outage_ids import OutageAction, text_block
from domain.outages.notices import NoticeText
from handlers.slack import outage_previews


def test_what_has_no_input_is_neither_cut_nor_emptied() -> None:
    long = NoticeText(destination="page", language="", text="x" * 6_500)
    short = NoticeText(destination="posts", language="en", text="Payments fail")
    typed = {"type": "plain_text_input", "value": "Cards fail"}
    block = text_block(0, 1)
    view = {"state": {"values": {block: {str(OutageAction.TEXT): typed}}}}
    kept, changed = outage_previews._texts_in(view, [long, short], 0)
    assert kept == long
    assert changed.text == "Cards fail"
