"""Process the app's answers: acks of submitted modals and slash commands, and posts to response URLs."""

from sandbox.slack import modals, posting
from sandbox.slack.block_kit import message_problems
from sandbox.slack.delivery import Ack
from sandbox.slack.entities import Channel
from sandbox.slack.errors import SlackError, invalid
from sandbox.slack.jsons import Json
from sandbox.slack.state import State
from sandbox.slack.triggers import ResponseUrl
from sandbox.slack.views import View
from sandbox.slack.web_api.pictures import refuse_files

TROUBLE_NOTICE = "We had some trouble connecting. Try again?"


def answer_submission(state: State, view: View, ack: Ack) -> Ack:
    """Follow a response_action; one that Slack cannot follow leaves the modal open with a notice."""
    answer = ack.payload or {}
    try:
        errors = _follow(state, view, answer)
    except SlackError as refusal:
        state.audience.notice(view.user, TROUBLE_NOTICE)
        return Ack(ack.payload, refusal.error, ack.seconds)
    if not errors:
        return ack
    state.audience.publish([view.user], "view_errors", {"view_id": view.id, "errors": errors})
    return Ack(ack.payload, "", ack.seconds, errors)


def _follow(state: State, view: View, answer: Json) -> dict[str, str]:
    action = answer.get("response_action")
    if view not in state.view_store.stack(view.user):
        return {}
    if action is None:
        modals.close_top(state, view.user)
    elif action == "errors":
        return _errors(view, answer.get("errors"))
    elif action == "update":
        modals.update_view(state, view, modals.validate_view(state, answer.get("view"), "modal"))
    elif action == "push":
        modals.push_modal(state, view.user, modals.validate_view(state, answer.get("view"), "modal"))
    elif action == "clear":
        modals.close_all(state, view.user)
    else:
        raise SlackError("invalid_response_action")
    return {}


def _errors(view: View, errors: object) -> dict[str, str]:
    """Parse `errors`; raises invalid_errors unless each names an input block of the view."""
    known = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        raise SlackError("invalid_errors")
    return {str(block_id): str(text) for block_id, text in errors.items()}


def answer_command(state: State, user: str, channel: Channel, ack: Ack) -> None:
    """Post the message that a command was acked with, to the person or to the channel.

    An invalid message shows a notice instead.
    """
    if not ack.payload:
        return
    try:
        _validate_message(ack.payload)
    except SlackError as refusal:
        state.audience.notice(user, f"{state.app.name} answered with something else ({refusal.error}).")
        return
    _post_answer(state, "command.response", user, channel, ack.payload)


def use_response_url(state: State, key: str, body: Json) -> None:
    """Process a post to a response URL.

    Raises expired_url, used_url, invalid_payload, invalid_blocks, no_text, and message_not_found when there
    is nothing to replace.
    """
    url = state.triggers.use_response_url(key)
    channel = state.channel(url.channel)
    if body.get("delete_original"):
        _delete_original(state, url, channel)
        return
    _validate_message(body)
    if body.get("replace_original"):
        _replace_original(state, url, channel, body)
    else:
        _post_answer(state, "response_url", url.user, channel, body)


def _validate_message(body: Json) -> None:
    if not isinstance(body.get("text", ""), str):
        raise SlackError("invalid_payload")
    problems = message_problems(body["blocks"]) if body.get("blocks") else []
    if problems:
        raise invalid("invalid_blocks", problems)
    if not body.get("text") and not body.get("blocks"):
        raise SlackError("no_text")


def _post_answer(state: State, call: str, user: str, channel: Channel, body: Json) -> None:
    content = {key: body[key] for key in ("text", "blocks", "thread_ts", "attachments") if body.get(key)}
    content.setdefault("text", "")
    message = posting.bot_message(state, content)
    in_channel = body.get("response_type") == "in_channel"
    if not in_channel:
        refuse_files(content.get("blocks"))
    state.ledger.record(
        "slack", call, user=user, channel=channel.id, ts=message["ts"], in_channel=in_channel, **content
    )
    posting.record_pings(state, call, channel, message)
    if in_channel:
        posting.post(state, channel, message)
    else:
        posting.ephemeral(state, channel, user, message)


def _ephemeral(state: State, url: ResponseUrl) -> Json:
    for message in state.store.ephemerals:
        if message["ts"] == url.message_ts and message["ephemeral_to"] == url.user:
            return message
    raise SlackError("message_not_found", status=404)


def _replace_original(state: State, url: ResponseUrl, channel: Channel, body: Json) -> None:
    content = {"text": body.get("text", ""), "blocks": body.get("blocks") or []}
    if url.ephemeral:
        message = _ephemeral(state, url)
        message.update(posting.content_of(content))
        posting.publish_ephemeral(state, url.user, message)
    else:
        message = posting.update(state, channel, state.store.get(channel.id, url.message_ts), content)
    details = {"user": url.user, "channel": channel.id, "ts": url.message_ts}
    state.ledger.record("slack", "response_url", **details, replace_original=True, **content)
    posting.record_pings(state, "response_url", channel, message)


def _delete_original(state: State, url: ResponseUrl, channel: Channel) -> None:
    if url.ephemeral:
        state.store.ephemerals.remove(_ephemeral(state, url))
        state.audience.publish([url.user], "message_deleted", {"channel": channel.id, "ts": url.message_ts})
    else:
        posting.delete(state, channel, url.message_ts)
    details = {"user": url.user, "channel": channel.id, "ts": url.message_ts}
    state.ledger.record("slack", "response_url", **details, delete_original=True)
