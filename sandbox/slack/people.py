"""What people do in Slack: press, choose, type a command, say something, submit and close a modal."""

import uuid

from sandbox.slack import events, modals, payloads, posting
from sandbox.slack.answers import answer_command, answer_submission
from sandbox.slack.block_kit.walk import elements, with_ids
from sandbox.slack.delivery import Ack
from sandbox.slack.entered import Values, field_of, refused, shaped, stated
from sandbox.slack.entities import Channel
from sandbox.slack.errors import Json, SlackError
from sandbox.slack.formatting import rich_text, typed
from sandbox.slack.state import State
from sandbox.slack.views import View


async def act_on_message(
    state: State, user: str, channel_id: str, ts: str, action: Json, entered: Values | None = None
) -> Ack:
    """Use an element of a message; `action` is what Slack puts into payload.actions[0]. Raises message_not_found."""
    channel = state.channel(channel_id, viewer=user)
    message = find_message(state, user, channel, ts)
    full = _completed(state, message.get("blocks", []), action)
    payload = payloads.message_action(state, user, channel, message, full, entered or {})
    return await _interact(state, user, payload)


async def act_in_view(
    state: State, user: str, view_id: str, action: Json, entered: Values | None = None
) -> Ack:
    """Use an element of an open modal or of the Home. Raises not_found."""
    view = own_view(state, user, view_id)
    full = _completed(state, view.body["blocks"], action)
    _remember(view, {full["block_id"]: {full["action_id"]: _entered_part(full)}, **(entered or {})})
    return await _interact(state, user, payloads.view_action(state, view, full))


async def submit(state: State, user: str, view_id: str, entered: Values) -> Ack:
    """Submit a modal; untouched elements submit what they started with. Raises not_found.

    What Slack's client itself refuses (a required field left empty) is returned as `not_sent` with its errors.
    """
    view = own_view(state, user, view_id)
    _remember(view, entered)
    problems = refused(view.body["blocks"], stated(view.body["blocks"], view.values))
    if problems:
        return Ack(failure="not_sent", errors=problems)
    ack = await _interact(state, user, payloads.view_submission(state, view))
    return answer_submission(state, view, ack) if ack.answered else ack


async def close(state: State, user: str, view_id: str) -> None:
    """Dismiss a modal; with clear_on_close the whole stack. The app hears of it where it asked to. Raises not_found."""
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
        state.audience.notice(user, f"{name} failed with the error “{ack.failure}”")
    return ack


async def say(state: State, user: str, channel_id: str, text: str, thread_ts: str = "") -> Json:
    """Write a message as a person; returns it. Raises channel_not_found, not_in_channel, thread_not_found."""
    channel = state.channel(channel_id, viewer=user)
    if user not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    if thread_ts and not state.store.thread(channel.id, thread_ts):
        raise SlackError("thread_not_found")
    sent = typed(text, state.users.values())
    message: Json = {
        "client_msg_id": str(uuid.uuid4()),
        "type": "message",
        "user": user,
        "team": state.team.id,
        "text": sent,
        "ts": state.store.new_ts(),
        "blocks": with_ids([rich_text(sent)]),
    }
    if thread_ts:
        message["thread_ts"] = thread_ts
    state.ledger.record("slack", "say", user=user, channel=channel.id, ts=message["ts"], text=sent)
    shown = posting.post(state, channel, message)
    if f"<@{state.app.bot_user_id}>" in sent:
        events.app_mention(state, channel, shown)
    return shown


def find_message(state: State, user: str, channel: Channel, ts: str) -> Json:
    """A message that this person sees, ephemeral ones included; raises message_not_found."""
    for message in state.store.ephemerals:
        if (message["channel"], message["ts"], message["ephemeral_to"]) == (channel.id, ts, user):
            return message
    return state.store.get(channel.id, ts)


def own_view(state: State, user: str, view_id: str) -> View:
    """An open view of this person; raises not_found."""
    view = state.view_store.get(view_id)
    if view.user != user:
        raise SlackError("not_found")
    return view


def action_for(blocks: list[Json], action_id: str, value: object = None, block_id: str = "") -> Json:
    """The action of pressing or choosing: a button's own value, or the chosen option, user, date …

    Of several elements with the same action_id the one with `value` (or in `block_id`) is meant. Raises LookupError.
    """
    candidates = [
        (block, element)
        for block, element in elements(blocks)
        if element.get("action_id") == action_id and block_id in ("", block.get("block_id"))
    ]
    exact = [pair for pair in candidates if pair[1]["type"] == "button" and pair[1].get("value") == value]
    if not candidates:
        raise LookupError(f"nothing here has the action_id {action_id!r}")
    block, element = (exact or candidates)[0]
    action: Json = {"type": element["type"], "action_id": action_id, "block_id": block["block_id"]}
    if element["type"] == "button":
        if value is not None and not exact:
            raise LookupError(f"no button {action_id!r} has the value {value!r}")
        return action
    field = "selected_option" if element["type"] == "overflow" else field_of(element)
    action[field] = (
        shaped({**element, "type": "static_select"}, value)
        if field == "selected_option"
        else (shaped(element, value))
    )
    return action


def _completed(state: State, blocks: list[Json], action: Json) -> Json:
    """An action with the fields that Slack copies from the pressed element."""
    full = dict(action)
    for block, element in elements(blocks):
        if element.get("action_id") == action.get("action_id") and action.get("block_id") in (
            None,
            block["block_id"],
        ):
            full.setdefault("block_id", block["block_id"])
            full.setdefault("type", element["type"])
            copied = (
                ("text", "value", "style", "url", "placeholder")
                if element["type"] == "button"
                else ("placeholder",)
            )
            for name in copied:
                if name in element:
                    full.setdefault(name, element[name])
            break
    full.setdefault("block_id", "")
    full["action_ts"] = state.store.new_ts()
    return full


def _entered_part(action: Json) -> Json:
    names = ("value",) if action["type"].endswith("_input") else ()
    return {key: value for key, value in action.items() if key in names or key.startswith("selected_")}


def _remember(view: View, entered: Values) -> None:
    view.values = stated(view.body["blocks"], {**view.values, **entered})


async def _interact(state: State, user: str, payload: Json, *, quiet: bool = False) -> Ack:
    ack = await state.delivery.interact("interactive", payload)
    if not ack.answered and not quiet:
        state.audience.notice(
            user, f"{state.app.name} did not respond in time ({ack.failure}). Please try again."
        )
    return ack
