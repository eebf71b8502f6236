"""Make a small JPEG of a picture before it leaves: its pixels alone, without what else its file holds."""

import io
import warnings

from domain.model_calls import NoAnswer

MAX_EDGE = 1600  # pixels; a screenshot of a phone stays readable
MAX_PIXELS = 40_000_000
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_QUALITY = 85


def reencoded(content: bytes) -> bytes:
    """Return the picture (the first frame of it) as a JPEG, without EXIF, comments and thumbnails.

    Raises `NoAnswer` where it is no picture of these formats, or too large.
    """
    from PIL import Image, ImageOps

    try:
        with warnings.catch_warnings(), Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            if picture.width * picture.height > MAX_PIXELS:
                raise NoAnswer("that picture is too large")
            upright = ImageOps.exif_transpose(picture.convert("RGB"))
            upright.thumbnail((MAX_EDGE, MAX_EDGE))
            drawn = Image.new("RGB", upright.size)
            drawn.paste(upright)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NoAnswer("that picture cannot be read") from None
    written = io.BytesIO()
    drawn.save(written, "JPEG", quality=_QUALITY)
    return written.getvalue()
