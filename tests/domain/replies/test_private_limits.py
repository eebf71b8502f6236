"""Check a private reply against the limits of its venue."""

from dataclasses import replace

import pytest

from domain.cases.files import ALLOWED_TYPES, MAX_FILE_SIZE, MAX_FILES, FileFault
from domain.errors import Refused
from domain.replies.private_limits import (
    AttachmentRejected,
    NothingToSend,
    OutgoingAttachment,
    TextTooLong,
    TooManyAttachments,
    require_within_limits,
)

SHOT = OutgoingAttachment(source="F1", name="shot.png", media_type="image/png", size=9)
MAX_LENGTH = 10_000


def refusal(text: str, *files: OutgoingAttachment) -> Refused | None:
    """Return why the reply is refused; `None` where it is not."""
    try:
        require_within_limits(text, files, MAX_LENGTH)
    except Refused as refused:
        return refused
    return None


@pytest.mark.parametrize(
    ("text", "files", "kind", "facts"),
    [
        ("", [], NothingToSend, ()),
        (" \n", [], NothingToSend, ()),
        ("x" * (MAX_LENGTH + 1), [], TextTooLong, (10_001, 10_000)),
        ("Hi", [SHOT] * (MAX_FILES + 1), TooManyAttachments, ()),
        (
            "Hi",
            [replace(SHOT, size=MAX_FILE_SIZE + 1)],
            AttachmentRejected,
            ("shot.png", FileFault.TOO_LARGE),
        ),
        ("Hi", [replace(SHOT, size=0)], AttachmentRejected, ("shot.png", FileFault.EMPTY)),
        (
            "Hi",
            [SHOT, replace(SHOT, name="page", media_type="text/html")],
            AttachmentRejected,
            ("page", FileFault.WRONG_TYPE),
        ),
    ],
)
def test_what_may_not_be_sent_is_refused_with_the_facts(
    text: str, files: list[OutgoingAttachment], kind: type[Refused], facts: tuple[object, ...]
) -> None:
    refused = refusal(text, *files)
    assert type(refused) is kind
    assert refused.args == facts


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
