"""Validate and truncate message content as Slack does: text, blocks, attachments and metadata."""

import json

from sandbox.slack.block_kit import message_problems, text_length
from sandbox.slack.errors import SlackError, invalid
from sandbox.slack.jsons import Json
from sandbox.slack.web_api.call import Call

ATTACHMENTS = 100


def message_content(call: Call, *, is_update: bool = False) -> Json:
    """Return the content of a post or an update, only the given fields.

    Raises invalid_blocks_format, invalid_blocks, msg_blocks_too_long, msg_too_long (updates above 4,000),
    invalid_metadata_format, metadata_too_large, too_many_attachments, markdown_text_conflict.
    """
    content: Json = {}
    blocks = _blocks(call)
    if blocks is not None:
        content["blocks"] = blocks
    if call.text("markdown_text"):
        content["blocks"] = _markdown(call, blocks)
    attachments = call.json("attachments", "invalid_attachments")
    if attachments:
        content["attachments"] = _attachments(attachments)
    metadata = call.json("metadata", "invalid_metadata_format")
    if metadata is not None:
        content["metadata"] = _metadata(metadata, call.state.limits.metadata_bytes)
    if "text" in call.arguments:
        content["text"] = _text(call, is_update=is_update)
    elif not is_update:
        content["text"] = ""
    return content


def _blocks(call: Call) -> list[Json] | None:
    blocks = call.json("blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = message_problems(blocks)
    if problems:
        raise invalid("invalid_blocks", problems)
    if text_length(blocks) > call.state.limits.blocks_text:
        raise SlackError("msg_blocks_too_long")
    return blocks


def _markdown(call: Call, blocks: list[Json] | None) -> list[Json]:
    if blocks is not None or call.text("text"):
        raise SlackError("markdown_text_conflict")
    made = [{"type": "markdown", "text": call.text("markdown_text")}]
    if message_problems(made):
        raise SlackError("msg_too_long")
    return made


def _text(call: Call, *, is_update: bool) -> str:
    text = call.text("text")
    limits = call.state.limits
    if is_update and len(text) > limits.update_text:
        raise SlackError("msg_too_long")
    return text[: limits.post_text]


def _attachments(attachments: object) -> list[Json]:
    if not isinstance(attachments, list) or not all(isinstance(entry, dict) for entry in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, attachment in enumerate(attachments):
        problems = message_problems(attachment.get("blocks") or [])
        if problems:
            raise invalid(
                "invalid_blocks",
                [line.replace("/blocks", f"/attachments/{index}/blocks") for line in problems],
            )
    return attachments


def _metadata(metadata: object, maximum: int) -> Json:
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not metadata:
        return {}
    is_right = (
        isinstance(metadata.get("event_type"), str)
        and metadata["event_type"]
        and isinstance(metadata.get("event_payload"), dict)
    )
    if not is_right:
        raise SlackError("invalid_metadata_format")
    if len(json.dumps(metadata)) > maximum:
        raise SlackError("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}
