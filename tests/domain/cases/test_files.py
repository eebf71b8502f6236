"""Check which files are accepted, and the reason given for those that are not."""

import pytest

from domain.cases.files import ALLOWED_TYPES, MAX_FILE_SIZE, MAX_FILES, TOO_MANY_FILES, rejection_reason
from domain.intake.private_messages import IncomingFile, check_files

PNG = "image/png"


@pytest.mark.parametrize("media_type", ALLOWED_TYPES)
def test_pictures_and_pdfs_pass_up_to_the_limit(media_type: str) -> None:
    assert rejection_reason(media_type, 1) is None
    assert rejection_reason(media_type, MAX_FILE_SIZE) is None
    assert ALLOWED_TYPES[media_type].startswith(".")


@pytest.mark.parametrize(
    ("media_type", "size", "why"),
    [
        (PNG, MAX_FILE_SIZE + 1, "it is larger than 10 MB"),
        (PNG, 0, "it is empty"),
        ("image/svg+xml", 9, "it is neither a picture"),
        ("text/html", 9, "it is neither a picture"),
        ("application/zip", 9, "it is neither a picture"),
        ("", 9, "it is neither a picture"),
    ],
)
def test_other_types_and_sizes_are_rejected(media_type: str, size: int, why: str) -> None:
    assert (rejection_reason(media_type, size) or "").startswith(why)


def test_a_reason_of_the_venue_is_kept_and_ours_are_added() -> None:
    files = [
        IncomingFile(name="a", media_type=PNG, content=b"", refused="it holds a virus"),
        IncomingFile(name="b", media_type="text/html", content=b"<p>"),
        IncomingFile(name="c", media_type=PNG, content=b"c"),
    ]
    assert [file.refused for file in check_files(files)] == [
        "it holds a virus",
        rejection_reason("text/html", 3),
        None,
    ]


def test_rejected_files_do_not_count_towards_the_maximum() -> None:
    bad = IncomingFile(name="bad", media_type="text/html", content=b"<p>")
    good = IncomingFile(name="good", media_type=PNG, content=b"c")
    seen = check_files([bad] * 7 + [good] * (MAX_FILES + 2))
    assert [file.refused for file in seen[7:]] == [None] * MAX_FILES + [TOO_MANY_FILES] * 2
