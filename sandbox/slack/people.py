"""Perform people's actions in Slack: press, choose, type a command, write, submit and close a modal."""

import uuid
from collections.abc import Sequence

from sandbox.slack import events, modals, payloads, posting
from sandbox.slack.actions import complete_action, value_fields
from sandbox.slack.answers import answer_command, answer_submission
from sandbox.slack.block_kit.walk import with_ids
from sandbox.slack.delivery import Ack
from sandbox.slack.entered import Values, input_errors, state_values
from sandbox.slack.entities import Channel
from sandbox.slack.errors import SlackError
from sandbox.slack.files import File
from sandbox.slack.formatting import convert_typed, rich_text
from sandbox.slack.jsons import Json
from sandbox.slack.state import State
from sandbox.slack.views import View


async def act_on_message(
    state: State, user: str, channel_id: str, ts: str, action: Json, entered: Values | None = None
) -> Ack:
    """Use an element of a message; `action` becomes payload.actions[0]. Raises message_not_found."""
    channel = state.channel(channel_id, viewer=user)
    message = find_message(state, user, channel, ts)
    full = complete_action(message.get("blocks", []), action, state.store.new_ts())
    payload = payloads.message_action(state, user, channel, message, full, entered or {})
    return await _interact(state, user, payload)


async def act_in_view(
    state: State, user: str, view_id: str, action: Json, entered: Values | None = None
) -> Ack:
    """Use an element of an open modal or of the Home view. Raises not_found."""
    view = own_view(state, user, view_id)
    full = complete_action(view.body["blocks"], action, state.store.new_ts())
    _remember(view, entered or {})
    _remember(view, {full["block_id"]: {full["action_id"]: value_fields(full)}})
    return await _interact(state, user, payloads.view_action(state, view, full))


async def submit(state: State, user: str, view_id: str, entered: Values) -> Ack:
    """Submit a modal; untouched elements submit their initial values. Raises not_found.

    Input that Slack's client itself refuses (a required field left empty) returns "not_sent" with its errors.
    """
    view = own_view(state, user, view_id)
    _remember(view, entered)
    problems = input_errors(view.body["blocks"], view.values)
    if problems:
        return Ack(failure="not_sent", errors=problems)
    ack = await _interact(state, user, payloads.view_submission(state, view))
    return answer_submission(state, view, ack) if ack.answered else ack


async def close(state: State, user: str, view_id: str) -> None:
    """Dismiss a modal; with clear_on_close the whole stack. Raises not_found.

    Sends view_closed where the modal has notify_on_close.
    """
    view = own_view(state, user, view_id)
    stack = state.view_store.stack(user)
    if view not in stack:
        raise SlackError("not_found")
    is_cleared = bool(view.body["clear_on_close"]) and len(stack) > 1
    if is_cleared:
        gone = modals.close_all(state, user)
    else:
        gone = [view]
        while stack[-1] is not view:
            gone.insert(0, stack[-1])
            modals.close_top(state, user)
        modals.close_top(state, user)
    for closed in gone:
        if closed.body["notify_on_close"]:
            await _interact(
                state, user, payloads.view_closed(state, closed, is_cleared=is_cleared), quiet=True
            )


async def use_shortcut(state: State, user: str, callback_id: str, channel_id: str = "", ts: str = "") -> Ack:
    """Use a shortcut of the app, in the menu of a message where one is named. Raises unknown_shortcut."""
    found = state.shortcuts.get(callback_id)
    if found is None or found.is_of_messages != bool(ts):
        raise SlackError("unknown_shortcut")
    if not ts:
        return await _interact(state, user, payloads.shortcut(state, user, callback_id))
    channel = state.channel(channel_id, viewer=user)
    message = find_message(state, user, channel, ts)
    return await _interact(state, user, payloads.shortcut(state, user, callback_id, channel, message))


async def command(state: State, user: str, channel_id: str, line: str) -> Ack:
    """Type a slash command, such as "/mentions next". Raises unknown_command."""
    channel = state.channel(channel_id, viewer=user)
    name, _space, text = line.strip().partition(" ")
    found = state.commands.get(name)
    if found is None:
        state.audience.notice(user, f"{name} is not a valid command.")
        raise SlackError("unknown_command")
    payload = payloads.slash_command(state, user, channel, found, text.strip())
    ack = await state.delivery.interact("slash_commands", payload)
    if ack.answered:
        answer_command(state, user, channel, ack)
    else:
        state.audience.notice(user, f"{name} failed because the app did not respond ({ack.failure})")
    return ack


async def say(
    state: State,
    user: str,
    channel_id: str,
    text: str,
    thread_ts: str = "",
    file_ids: Sequence[str] = (),
    *,
    also_to_channel: bool = False,
) -> Json:
    """Write a message as a person; returns it. `also_to_channel` is the box below a reply in a thread.

    Raises channel_not_found, not_in_channel, thread_not_found, file_not_found (not theirs), and no_text where
    it has neither text nor files.
    """
    channel = state.channel(channel_id, viewer=user)
    if user not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    if thread_ts and not state.store.thread(channel.id, thread_ts):
        raise SlackError("thread_not_found")
    files = [_own_file(state, user, file_id) for file_id in file_ids]
    if not text.strip() and not files:
        raise SlackError("no_text")
    sent = convert_typed(text, state.users.values())
    message: Json = {
        "client_msg_id": str(uuid.uuid4()),
        "type": "message",
        "user": user,
        "team": state.user(user).team_id,
        "text": sent,
        "ts": state.store.new_ts(),
        "blocks": with_ids([rich_text(sent)]),
    }
    if thread_ts:
        message["thread_ts"] = thread_ts
    if also_to_channel:
        message["subtype"] = "thread_broadcast"
    if files:
        for file in files:
            file.channels.append(channel.id)
        message |= {"files": [file.as_json(state.address) for file in files], "upload": False}
    state.ledger.record("slack", "say", user=user, channel=channel.id, ts=message["ts"], text=sent)
    shown = posting.post(state, channel, message)
    if f"<@{state.app.bot_user_id}>" in sent:
        events.app_mention(state, channel, shown)
    return shown


def edit(state: State, user: str, channel_id: str, ts: str, text: str) -> Json:
    """Edit one's own message; returns it. Slack sends app_mention again where the text mentions the app.

    Raises channel_not_found, message_not_found, and cant_update_message (not theirs).
    """
    channel = state.channel(channel_id, viewer=user)
    message = state.store.get(channel.id, ts)
    if message.get("user") != user:
        raise SlackError("cant_update_message")
    sent = convert_typed(text, state.users.values())
    content: Json = {"text": sent, "blocks": with_ids([rich_text(sent)])}
    shown = posting.update(state, channel, message, content, by_app=False)
    if f"<@{state.app.bot_user_id}>" in sent:
        events.app_mention(state, channel, shown)
    return shown


def _own_file(state: State, user: str, file_id: str) -> File:
    file = state.files.get(file_id)
    if file.user != user:
        raise SlackError("file_not_found")
    return file


def find_message(state: State, user: str, channel: Channel, ts: str) -> Json:
    """Return a message that this person sees, ephemeral ones included; raises message_not_found."""
    for message in state.store.ephemerals:
        if (message["channel"], message["ts"], message["ephemeral_to"]) == (channel.id, ts, user):
            return message
    return state.store.get(channel.id, ts)


def own_view(state: State, user: str, view_id: str) -> View:
    """Return an open view of this person; raises not_found."""
    view = state.view_store.get(view_id)
    if view.user != user:
        raise SlackError("not_found")
    return view


def _remember(view: View, entered: Values) -> None:
    view.values = state_values(view.body["blocks"], entered, view.values)


async def _interact(state: State, user: str, payload: Json, *, quiet: bool = False) -> Ack:
    ack = await state.delivery.interact("interactive", payload)
    if not ack.answered and not quiet:
        state.audience.notice(
            user, f"{state.app.name} did not respond in time ({ack.failure}). Please try again."
        )
    return ack
