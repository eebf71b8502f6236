"""Parse Slack's block_actions, view_submission, shortcut and slash command payloads."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from adapters.slack.action_ids import BadValue, parse_id


class BadPayload(Exception):
    """A payload cannot be parsed; the text names the offending field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A block action: a pressed button, a chosen option, or a changed input.

    `channel` is `None` on App Home and in a modal; `view` is empty on a message.
    """

    user_id: str
    action: Mapping[str, Any]
    trigger_id: str
    channel: str | None
    thread_ts: str | None
    view: Mapping[str, Any]
    response_url: str = ""

    @property
    def in_modal(self) -> bool:
        """Whether the element is in a modal: not on a message, nor on App Home."""
        return self.view.get("type") == "modal"

    @property
    def view_id(self) -> str:
        """The id of the modal or App Home that the element is in."""
        return str(self.view.get("id"))

    @property
    def metadata(self) -> str:
        """The `private_metadata` of the modal or App Home that the element is in; empty on a message."""
        return _text(self.view.get("private_metadata")) or ""

    @property
    def home(self) -> str:
        """The filter of the App Home that the element is on; empty elsewhere."""
        return self.metadata if self.view.get("type") == "home" else ""

    @property
    def number(self) -> int:
        """The value of a button that is only an id. Raises `BadValue`."""
        return parse_id(self.value)

    @property
    def value(self) -> str:
        """The value of the button or of the chosen option. Raises `BadValue` if there is none."""
        option = self.action.get("selected_option")
        value = option.get("value") if isinstance(option, dict) else self.action.get("value")
        if not isinstance(value, str):
            raise BadValue
        return value


def parse_press(body: Mapping[str, Any]) -> Press:
    """Parse a block_actions payload; raises `BadPayload`."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
        raise BadPayload("actions")
    container = _mapping(body.get("container"))
    return Press(
        user_id=parse_user_id(body),
        action=actions[0],
        trigger_id=_text(body.get("trigger_id")) or "",
        channel=_text(_mapping(body.get("channel")).get("id")) or _text(container.get("channel_id")),
        thread_ts=_text(container.get("thread_ts")),
        view=_mapping(body.get("view")),
        response_url=_text(body.get("response_url")) or "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A submitted or closed modal. `view` is the whole of it."""

    user_id: str
    view_id: str
    metadata: str
    values: Mapping[str, Any]
    view: Mapping[str, Any] = field(default_factory=dict)

    def value(self, block_id: str, action_id: str) -> str | float | None:
        """Return an input's value (a string, an id or a Unix time); `None` if it is empty."""
        return input_value(self.values, block_id, action_id)

    def text(self, block_id: str, action_id: str) -> str:
        """Return what was typed into an input; empty for nothing."""
        return input_text(self.values, block_id, action_id)


def input_value(values: object, block_id: str, action_id: str) -> str | float | None:
    """Return an input's value from a form's `state.values`; `None` if it is empty or absent.

    A date is its ISO 8601 text.
    """
    state = _mapping(_mapping(_mapping(values).get(block_id)).get(action_id))
    option = state.get("selected_option")
    keys = ("value", "selected_user", "selected_date", "selected_date_time")
    value = (
        option.get("value")
        if isinstance(option, dict)
        else next((state[key] for key in keys if state.get(key) is not None), None)
    )
    return value if isinstance(value, str | int | float) else None


def input_text(values: object, block_id: str, action_id: str) -> str:
    """Return the text in an input from a form's `state.values`; empty for nothing, or anything else."""
    return read_text(input_value(values, block_id, action_id))


def input_choices(values: object, block_id: str, action_id: str) -> list[str]:
    """Return the values of the chosen options of a multi-select or of checkboxes."""
    chosen = _mapping(_mapping(_mapping(values).get(block_id)).get(action_id)).get("selected_options")
    found = [_mapping(option).get("value") for option in chosen] if isinstance(chosen, list) else []
    return [value for value in found if isinstance(value, str)]


def parse_submission(body: Mapping[str, Any]) -> Submission:
    """Parse a view_submission or view_closed payload; raises `BadPayload`."""
    view = _mapping(body.get("view"))
    if not isinstance(view.get("id"), str):
        raise BadPayload("view.id")
    return Submission(
        user_id=parse_user_id(body),
        view_id=view["id"],
        metadata=_text(view.get("private_metadata")) or "",
        values=form_values(view),
        view=view,
    )


def form_values(view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a view's `state.values`: what its inputs hold."""
    return _mapping(_mapping(view.get("state")).get("values"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A slash command. `text` is what follows the command's name, as Slack escaped it.

    `response_url` takes messages in answer for 30 minutes, also where the bot is no member.
    """

    user_id: str
    text: str
    trigger_id: str
    channel: str | None
    response_url: str = ""


def parse_command(body: Mapping[str, Any]) -> Command:
    """Parse a slash command's payload; raises `BadPayload`."""
    return Command(
        user_id=parse_user_id(body),
        text=str(body.get("text") or ""),
        trigger_id=_text(body.get("trigger_id")) or "",
        channel=_text(body.get("channel_id")),
        response_url=_text(body.get("response_url")) or "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcut:
    """A shortcut of the app. `channel` and `message_ts` name the message in whose menu it was chosen.

    `thread_ts` is the message whose thread that is in. Empty where there is none.
    """

    user_id: str
    trigger_id: str
    channel: str = ""
    message_ts: str = ""
    thread_ts: str = ""


def parse_shortcut(body: Mapping[str, Any]) -> Shortcut:
    """Parse the payload of a global shortcut or of a message's; raises `BadPayload`."""
    message = _mapping(body.get("message"))
    return Shortcut(
        user_id=parse_user_id(body),
        trigger_id=_text(body.get("trigger_id")) or "",
        channel=_text(_mapping(body.get("channel")).get("id")) or "",
        message_ts=_text(message.get("ts")) or "",
        thread_ts=_text(message.get("thread_ts")) or "",
    )


def parse_user_id(body: Mapping[str, Any]) -> str:
    """Return the acting user's id; raises `BadPayload`."""
    user = body.get("user")
    user_id = user.get("id") if isinstance(user, dict) else body.get("user_id")
    if not isinstance(user_id, str) or not user_id:
        raise BadPayload("user.id")
    return user_id


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def read_text(value: object) -> str:
    """Return a value of a payload that is text; empty for anything else."""
    return value if isinstance(value, str) else ""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
