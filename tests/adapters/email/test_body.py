"""Extract what a person wrote from what programs put around it."""

import pytest

from adapters.email.body import text_of
from adapters.email.html import text_of_html
from adapters.email.mime import Part
from tests.growth import assert_linear

EVENT = b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nSUMMARY:Call\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def part(media_type: str, content: bytes) -> Part:
    return Part(media_type=media_type, charset="utf-8", name="", is_attached=False, content=content)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("I come.\n------\nBut the app fails.", "I come.\n------\nBut the app fails."),
        ("I come.\n-::~:~::~:~::-\nPlease do not edit this section.", "I come."),
    ],
)
def test_beside_an_invitation_only_the_calendar_s_own_note_is_left_out(text: str, kept: str) -> None:
    parts = [part("text/plain", text.encode()), part("text/calendar", EVENT)]
    assert text_of(parts) == f"📅 Answer to an invitation: Call\n\n{kept}"


def test_words_below_a_large_picture_within_the_html_are_read() -> None:
    picture = (
        b'<p>Look:</p><img src="data:image/png;base64,' + b"iVBORw0KGgo" * 100_000 + b'"><p>It fails.</p>'
    )
    assert text_of([part("text/html", picture)]) == "Look:\nIt fails."


def test_styles_are_no_words_in_html_of_many_tags() -> None:
    html = (
        "<head><style>\nP.MsoNormal {margin:0}\n</style></head>\nIt fails.\n" + "<b>\n</b>" * 2_000 + "Help!"
    )
    assert text_of_html(html) == "It fails.\nHelp!"


def test_hidden_tags_that_are_not_closed_take_linear_time() -> None:
    assert_linear(lambda html: text_of_html("<b>" * 3_001 + html), "<style>")


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ('style="margin:0 0 0 40px;border:none;padding:0px"', "My lamp is red."),
        ('style="margin:0 0 0 40px;border:none" type="cite"', "> My lamp is red."),
        ('style="margin:0;border-left:1px solid #ccc"', "> My lamp is red."),
        ("", "> My lamp is red."),
    ],
    ids=["indented", "cited", "with a bar", "plain"],
)
def test_what_is_only_indented_is_no_quote(block: str, shown: str) -> None:
    assert text_of_html(f"<blockquote {block}><div>My lamp is red.</div></blockquote>") == shown
