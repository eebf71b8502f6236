"""Detect media types: pictures and PDF by their signature, everything else unknown or not allowed."""

import pytest

from adapters.media_types import UNKNOWN_TYPE, allowed_media_type_of, media_type_of, possible_media_types

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(50)
WEBP = b"RIFF\x00\x00\x00\x00WEBPVP8 " + bytes(40)
PDF = b"%PDF-1.7 x"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (WEBP, "image/webp"),
        (b"GIF89a" + bytes(50), "image/gif"),
        (PDF, "application/pdf"),
    ],
)
def test_pictures_and_pdf_are_detected(content: bytes, media_type: str) -> None:
    assert media_type_of(content) == media_type
    assert allowed_media_type_of(content) == media_type
    assert media_type in possible_media_types(content)


@pytest.mark.parametrize("content", [b"", b"hello", b"MZ" + bytes(100)])
def test_everything_else_is_unknown_and_not_allowed(content: bytes) -> None:
    assert media_type_of(content) == UNKNOWN_TYPE
    assert allowed_media_type_of(content) == ""


@pytest.mark.parametrize("content", [b"", b"hello"])
def test_content_without_a_signature_may_be_nothing(content: bytes) -> None:
    assert possible_media_types(content) == set()


def test_content_with_an_ambiguous_signature_may_be_several_things() -> None:
    assert possible_media_types(PDF) == {"application/pdf", "application/vnd.fdf"}
