"""Check which files are accepted, and the fault of those that are not."""

import pytest

from domain.cases.files import ALLOWED_TYPES, MAX_FILE_SIZE, MAX_FILES, FileFault, file_fault
from domain.intake.private_messages import IncomingFile, check_files

PNG = "image/png"


@pytest.mark.parametrize("media_type", ALLOWED_TYPES)
def test_pictures_and_pdfs_pass_up_to_the_limit(media_type: str) -> None:
    assert file_fault(media_type, 1) is None
    assert file_fault(media_type, MAX_FILE_SIZE) is None
    assert ALLOWED_TYPES[media_type].startswith(".")


@pytest.mark.parametrize(
    ("media_type", "size", "fault"),
    [
        (PNG, MAX_FILE_SIZE + 1, FileFault.TOO_LARGE),
        (PNG, 0, FileFault.EMPTY),
        ("image/svg+xml", 9, FileFault.WRONG_TYPE),
        ("text/html", 9, FileFault.WRONG_TYPE),
        ("application/zip", 9, FileFault.WRONG_TYPE),
        ("", 9, FileFault.WRONG_TYPE),
    ],
)
def test_other_types_and_sizes_are_rejected(media_type: str, size: int, fault: FileFault) -> None:
    assert file_fault(media_type, size) is fault


def test_a_reason_of_the_venue_is_kept_and_ours_are_added() -> None:
    files = [
        IncomingFile(name="a", media_type=PNG, content=b"", refused="it holds a virus"),
        IncomingFile(name="b", media_type="text/html", content=b"<p>"),
        IncomingFile(name="c", media_type=PNG, content=b"c"),
    ]
    assert [file.refused for file in check_files(files)] == [
        "it holds a virus",
        FileFault.WRONG_TYPE,
        None,
    ]


def test_rejected_files_do_not_count_towards_the_maximum() -> None:
    bad = IncomingFile(name="bad", media_type="text/html", content=b"<p>")
    good = IncomingFile(name="good", media_type=PNG, content=b"c")
    seen = check_files([bad] * 7 + [good] * (MAX_FILES + 2))
    assert [file.refused for file in seen[7:]] == [None] * MAX_FILES + [FileFault.TOO_MANY] * 2
