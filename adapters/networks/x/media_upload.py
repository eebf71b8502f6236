"""Upload a picture for a direct message."""

from base64 import b64encode
from collections.abc import Sequence
from http import HTTPStatus

from adapters.http_calls import Unreadable
from adapters.networks.x.call_failures import Refusal, Response
from adapters.networks.x.client import Client
from adapters.networks.x.ids import own_id
from adapters.networks.x.json_values import mapping_of
from domain.cases.files import File

MAX_PICTURE_BYTES = 5 * 1024 * 1024  # bytes; docs.x.com, "Media: best practices"
_IMAGE = "dm_image"
#: X has a category for GIFs in one call since 2.167; before, they go as pictures.
_CATEGORIES = {"image/png": _IMAGE, "image/jpeg": _IMAGE, "image/webp": _IMAGE, "image/gif": "dm_gif"}


class CannotAttach(Exception):
    """These files cannot be sent with a direct message; the text says why, and what to do."""


async def upload_picture(client: Client, files: Sequence[File]) -> str | None:
    """Upload the picture and return X's media id; `None` without one. Raises CannotAttach, CallFailed.

    Safe to repeat: nobody sees the picture until a message with it is sent.
    """
    if not files:
        return None
    picture = _single_picture(files)
    category = _CATEGORIES[picture.media_type]
    try:
        response = await _upload(client, picture, category)
    except Refusal as refusal:
        is_about_category = refusal.status == HTTPStatus.BAD_REQUEST and refusal.names("media_category")
        if category == _IMAGE or not is_about_category:
            raise
        response = await _upload(client, picture, _IMAGE)
    media_id = own_id(mapping_of(mapping_of(response.parsed()).get("data")).get("id"))
    if media_id is None:
        raise Unreadable("X took the picture, but did not tell its id")
    return media_id


async def _upload(client: Client, picture: File, category: str) -> Response:
    media = b64encode(picture.content or b"").decode()
    return await client.request("POST", "/2/media/upload", json={"media": media, "media_category": category})


def _single_picture(files: Sequence[File]) -> File:
    if len(files) > 1:
        raise CannotAttach("X takes one picture with a direct message. Send them one by one.")
    [picture] = files
    if picture.media_type not in _CATEGORIES:
        raise CannotAttach(f"X takes pictures only, and {picture.name} is none. Send it by e-mail.")
    if not picture.content or picture.size > MAX_PICTURE_BYTES:
        raise CannotAttach(f"X takes pictures of up to 5 MB, and {picture.name} is not. Send a smaller one.")
    return picture
