"""Convert pictures of phones without copies: one may have 50 million pixels."""

import io
import tracemalloc

import pillow_heif
from PIL import Image

from adapters.heif import as_jpeg


def heic(mode: str, size: tuple[int, int]) -> bytes:
    written = io.BytesIO()
    pillow_heif.from_pillow(Image.new(mode, size, "red")).save(written, quality=5)
    return written.getvalue()


def test_it_is_converted_without_a_copy_of_its_pixels() -> None:
    picture = heic("RGB", (800, 600))
    assert as_jpeg(picture) is not None  # imports the libraries
    tracemalloc.start()
    try:
        converted = as_jpeg(picture)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert converted is not None
    assert Image.open(io.BytesIO(converted)).size == (800, 600)
    assert most < 800 * 600


def test_a_transparent_one_is_converted() -> None:
    converted = as_jpeg(heic("RGBA", (64, 48)))
    assert converted is not None
    assert Image.open(io.BytesIO(converted)).mode == "RGB"
