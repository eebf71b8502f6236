"""Check a private reply against the limits of its venue."""

from dataclasses import replace

import pytest

from domain.cases.files import ALLOWED_TYPES, MAX_FILE_SIZE, MAX_FILES
from domain.errors import Refused
from domain.replies.private_limits import OutgoingAttachment, require_within_limits

SHOT = OutgoingAttachment(source="F1", name="shot.png", media_type="image/png", size=9)
MAX_LENGTH = 10_000


def refusal(text: str, *files: OutgoingAttachment) -> str | None:
    """Return why the reply is refused; `None` where it is not."""
    try:
        require_within_limits(text, files, MAX_LENGTH)
    except Refused as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(
    ("text", "files", "why"),
    [
        ("", [], "there is no text"),
        (" \n", [], "there is no text"),
        ("x" * (MAX_LENGTH + 1), [], "the text has 10,001 characters, and 10,000 may go"),
        ("Hi", [SHOT] * (MAX_FILES + 1), "5 files may go"),
        ("Hi", [replace(SHOT, size=MAX_FILE_SIZE + 1)], "larger than 10 MB"),
        ("Hi", [replace(SHOT, size=0)], "“shot.png” cannot go along, because it is empty"),
        ("Hi", [SHOT, replace(SHOT, media_type="text/html")], "neither a picture"),
    ],
)
def test_what_may_not_be_sent_is_refused_with_the_reason(
    text: str, files: list[OutgoingAttachment], why: str
) -> None:
    said = refusal(text, *files)
    assert said is not None
    assert why in said
    assert said.startswith("Nothing was sent to the customer: ")


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Hi", []),
        ("x" * MAX_LENGTH, []),
        ("", [SHOT]),
        ("Hi", [SHOT] * MAX_FILES),
        ("Hi", [replace(SHOT, size=MAX_FILE_SIZE)]),
        ("Hi", [replace(SHOT, media_type=media_type) for media_type in ALLOWED_TYPES]),
    ],
)
def test_what_is_within_the_limits_may_be_sent(text: str, files: list[OutgoingAttachment]) -> None:
    assert refusal(text, *files) is None
