"""Render the pictures of public posts, which Slack fetches itself from the network's address."""

from collections.abc import Sequence

from adapters.slack.blocks import Json, literal_context, mrkdwn, plain_text
from adapters.slack.escaping import inline, isolate, one_line, safe_url, shorten_to_columns
from adapters.slack.message_content import Block
from adapters.slack.wording import count_of, handle
from domain.cases.case import Case
from domain.cases.messages import Message
from domain.intake.posts import Media, MediaKind

MAX_COLUMNS = 150  # two lines beside the picture at Slack's usual width
MAX_TITLE_LENGTH = 300
NOT_SHOWN = "🖼 Picture not shown"
_NAMES = {MediaKind.PICTURE: "Picture", MediaKind.VIDEO: "Video"}
_SIGNS = {MediaKind.PICTURE: "🖼", MediaKind.VIDEO: "▶"}


def first_picture(case: Case, message: Message) -> Json | None:
    """Build the image element of the first picture, or of a video's still; `None` if there is none."""
    return _element(case, _first(message)) if message.media else None


def picture_line(message: Message) -> str:
    """Return the alt text of the first picture, and how many more there are; empty if neither."""
    if not message.media:
        return ""
    first = _first(message)
    said = isolate(f"“{shorten_to_columns(one_line(first.alt_text), MAX_COLUMNS)}”") if first.alt_text else ""
    name = "" if first.kind is MediaKind.PICTURE else _NAMES[first.kind]
    parts = [part for part in (name, said, _others(message, first)) if part]
    return f"{_SIGNS[first.kind]} {' · '.join(parts)}" if parts else ""


def thread_line(message: Message) -> str:
    """Return what the thread, which shows no pictures, says of them; empty if there are none."""
    if not message.media:
        return ""
    first = _first(message)
    return picture_line(message) or f"{_SIGNS[first.kind]} {_NAMES[first.kind]}"


def all_pictures(case: Case, message: Message) -> list[Block]:
    """Render all pictures of a message, each as large as Slack shows them, under its alt text."""
    return [_large(case, one) for one in message.media]


def without_pictures(blocks: Sequence[Block]) -> list[Block] | None:
    """Return the blocks with words in place of pictures; `None` where they have none.

    Slack refuses a whole message or view where it cannot fetch one picture of it.
    """
    kept = [_without_picture(block) for block in blocks]
    return kept if kept != list(blocks) else None


def _without_picture(block: Block) -> Block:
    if block["type"] == "image":
        return literal_context(f"{NOT_SHOWN}: {block['alt_text']}")
    if block.get("accessory", {}).get("type") != "image":
        return block
    rest = {name: value for name, value in block.items() if name != "accessory"}
    return {**rest, "text": mrkdwn(f"{block['text']['text']}\n{NOT_SHOWN}")}


def _first(message: Message) -> Media:
    return next((one for one in message.media if one.kind is MediaKind.PICTURE), message.media[0])


def _large(case: Case, media: Media) -> Block:
    element = _element(case, media)
    label = f"{_SIGNS[media.kind]} {inline(media.alt_text, MAX_TITLE_LENGTH) or _default_text(case, media)}"
    return (
        literal_context(label)
        if element is None
        else {**element, "title": plain_text(label, MAX_TITLE_LENGTH)}
    )


def _element(case: Case, media: Media) -> Json | None:
    """Build an image element; `None` where its address is unsafe."""
    address = safe_url(media.url)
    alt_text = one_line(media.alt_text) or _default_text(case, media)
    return None if address is None else {"type": "image", "image_url": address, "alt_text": alt_text}


def _default_text(case: Case, media: Media) -> str:
    return f"{_NAMES[media.kind]} by {handle(case)}"


def _others(message: Message, first: Media) -> str:
    """Count the other media: "+2 pictures, +1 video"."""
    counts = {kind: sum(one.kind is kind for one in message.media if one is not first) for kind in MediaKind}
    return ", ".join(f"+{count_of(number, kind.value)}" for kind, number in counts.items() if number)
