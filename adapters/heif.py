"""Convert pictures of phones (HEIC) to JPEG, which every browser and Slack show."""

import io
import logging

MAX_PIXELS = 50_000_000
_QUALITY = 88

log = logging.getLogger(__name__)


def as_jpeg(content: bytes) -> bytes | None:
    """Convert a HEIF picture (HEIC and its like) to JPEG, upright, without its metadata such as the place.

    `None` where the content is something else, damaged, or has more than 50 million pixels.
    """
    if content[4:8] != b"ftyp":
        return None
    import pillow_heif
    from PIL import Image

    if not pillow_heif.is_supported(content):
        return None
    try:
        opened = pillow_heif.open_heif(content, convert_hdr_to_8bit=True)
        if opened.size[0] * opened.size[1] > MAX_PIXELS:
            return None
        mode, stride = opened.mode, opened.stride
        picture = Image.frombytes(mode, opened.size, opened.data, "raw", mode, stride)
        del opened  # each copy of a large picture takes 150 MB
        if mode != "RGB":
            picture = picture.convert("RGB")
        written = io.BytesIO()
        picture.save(written, "JPEG", quality=_QUALITY)
    except (OSError, ValueError, RuntimeError, SyntaxError) as error:
        log.info("a picture could not be converted: %s", type(error).__name__)
        return None
    return written.getvalue()
