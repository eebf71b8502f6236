"""Walk what one person is shown in Slack: press every button, choice and form, and note who was refused."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.slack.home_ids import HomeFilter
from domain.access import Permission
from domain.delivery.effects import PublishHome
from domain.delivery.outcomes import Done
from handlers.context import AppContext
from handlers.delivery.performers.notifications import HomePublisher
from handlers.slack.listeners import INTERNAL_ERROR
from tests.handlers.slack.listening import Ack, Modals
from tests.handlers.slack.permissions import PERMISSIONS

Json = Mapping[str, Any]
Listener = Callable[..., Awaitable[None]]
REFUSED = "and you are not one of them"
RESPONSE_URL = "https://slack.example/r"
_COMMAND = re.compile(r"`(/(?:mentions|outage))(?: ([a-z]+))?")
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Surface:
    """What somebody is shown: a message or a view. `shared` is the same for everybody in its channel."""

    name: str
    content: Json
    shared: bool = False


class Screen(Modals):
    """Keep all that is shown to one person."""

    shown: list[Surface]

    def __init__(self) -> None:
        super().__init__()
        self.shown = []

    def masked(self) -> "Screen":
        return self

    async def send_ephemeral(
        self, channel: str, user_id: str, content: Json, *, thread_ts: str | None = None
    ) -> None:
        await super().send_ephemeral(channel, user_id, content, thread_ts=thread_ts)
        self.shown.append(Surface("ephemeral", content))

    async def respond(
        self, response_url: str, channel: str | None, user_id: str, content: Json, *, in_channel: bool = False
    ) -> None:
        await super().respond(response_url, channel, user_id, content, in_channel=in_channel)
        self.shown.append(Surface("answer", content, shared=in_channel))

    async def notify(self, trigger_id: str, user_id: str, content: Json) -> None:
        await super().notify(trigger_id, user_id, content)
        self.shown.append(Surface("notice", content))

    async def open_view(self, trigger_id: str, view: Json) -> str:
        self.shown.append(Surface("view", view))
        return await super().open_view(trigger_id, view)

    async def update_view(self, view_id: str, view: Any, *, seen_hash: str | None = None) -> str:  # noqa: ANN401
        self.shown.append(Surface("view", view))
        return await super().update_view(view_id, view, seen_hash=seen_hash)

    async def update_named_view(self, external_id: str, view: Json) -> bool:
        assert external_id
        self.shown.append(Surface("view", view))
        return True


class Chat:
    """A team chat that keeps the App Home and takes whatever is posted."""

    def __init__(self) -> None:
        self.home: Json = {}

    async def publish_home(self, _user_id: str, view: Json) -> Done:
        self.home = view
        return Done()

    def __getattr__(self, _name: str) -> Callable[..., Awaitable[Done]]:
        async def take(*_: object, **__: object) -> Done:
            return Done({"channel": "D1", "ts": "1.1"})

        return take


@dataclass
class Walk:
    """One person's walk. `refusals` has what was refused that was shown to them, with where it stood."""

    ctx: AppContext
    listeners: Mapping[str, Listener]
    user: str
    granted: frozenset[Permission]
    refusals: list[str] = field(default_factory=list)
    pressed: set[str] = field(default_factory=set)
    refused_commands: set[str] = field(default_factory=set)
    _waiting: list[Surface] = field(default_factory=list)

    @property
    def screen(self) -> Screen:
        modals: Any = self.ctx.modals
        screen: Screen = modals
        return screen

    async def begin(self, commands: list[str], shared: list[Surface]) -> None:
        """Look at Home, type the commands, look at channels, and press on until nothing is new."""
        for chosen in HomeFilter:
            await self._look_at_home(chosen.value)
        for typed in commands:
            await self._type(typed, source="")
        self._waiting += shared
        while self._waiting:
            await self._look(self._waiting.pop())

    async def _look_at_home(self, chosen: str) -> None:
        chat: Any = self.ctx.team_chat
        job: Any = type("AJob", (), {"effect": PublishHome(self.user, chosen)})
        await HomePublisher(self.ctx).perform(job)
        self._waiting.append(Surface(f"home {chosen}", chat.home))

    async def _look(self, surface: Surface) -> None:
        if REFUSED in str(surface.content):
            return
        if not surface.shared:
            for command, subcommand in _COMMAND.findall(str(surface.content)):
                await self._type(f"{command} {subcommand}".strip(), source=surface.name)
        for block in surface.content.get("blocks", ()):
            for element in _elements(block):
                for action in _presses(element):
                    await self._press(surface, {**action, "block_id": block.get("block_id", "")})
        if "submit" in surface.content:
            await self._submit(surface)

    async def _type(self, typed: str, *, source: str) -> None:
        """Type a command. Where `source` has shown it, whoever is refused was shown too much."""
        if typed in self.refused_commands and source:
            self.refusals.append(f"{source} shows {typed}")
        if typed in self.pressed:
            return
        self.pressed.add(typed)
        command, _, text = typed.partition(" ")
        payload = {
            "user_id": self.user,
            "text": text,
            "channel_id": "C1",
            "trigger_id": "t",
            "response_url": RESPONSE_URL,
        }
        await self._run(f"command {command}", {"command": payload}, Surface(typed, {}), source=source)

    async def _press(self, surface: Surface, action: Json) -> None:
        name = f"action {action['action_id']}"
        needed = _needed(name)
        where = surface.content.get("callback_id", surface.name)
        seen = f"{where}: {name} {_NUMBER.sub('', str(action.get('value', action.get('selected_option'))))}"
        if seen in self.pressed or (surface.shared and needed not in self.granted):
            return
        self.pressed.add(seen)
        if needed not in self.granted:
            self.refusals.append(f"{seen}: needs {needed}")
            return
        body: dict[str, Any] = {
            "user": {"id": self.user},
            "actions": [action],
            "trigger_id": "t",
            "response_url": RESPONSE_URL,
        }
        if "callback_id" in surface.content:
            body["view"] = {**surface.content, "id": "V1", "hash": "h", "state": _state(surface.content)}
        else:
            body |= {"channel": {"id": "C1"}, "container": {"channel_id": "C1", "message_ts": "1.1"}}
        await self._run(name, {"body": body}, surface, source="" if surface.shared else seen)

    async def _submit(self, surface: Surface) -> None:
        name = f"view {surface.content['callback_id']}"
        if name in self.pressed:
            return
        self.pressed.add(name)
        if _needed(name) not in self.granted:
            self.refusals.append(f"{name}: needs {_needed(name)}")
            return
        view = {**surface.content, "id": "V1", "hash": "h", "state": _state(surface.content)}
        body = {"user": {"id": self.user}, "trigger_id": "t", "view": view}
        await self._run(name, {"body": body}, surface, source=name)

    async def _run(self, listener: str, payload: Json, surface: Surface, *, source: str) -> None:
        """Run a listener and keep what it shows; note a refusal where `source` had shown what was pressed."""
        ack: Any = Ack()
        before = len(self.screen.shown)
        await self.listeners[listener](ack=ack, **payload)
        await asyncio.gather(*self.ctx.background._tasks)
        told = [Surface(surface.name, given.get("view", given)) for given in ack.given if given]
        for one in [*self.screen.shown[before:], *told]:
            assert INTERNAL_ERROR not in str(one.content), (listener, surface.name)
            if REFUSED not in str(one.content):
                named = surface.name if listener.startswith("command") else f"{surface.name} > {listener}"
                self._waiting.append(replace(one, name=named[:200]))
            elif listener.startswith("command"):
                self.refused_commands.add(surface.name)
                if source:
                    self.refusals.append(f"{source} shows {surface.name}")
            elif source:
                self.refusals.append(f"{source} -> {surface.name}: {_refusal(one.content)}")


def _needed(name: str) -> Permission:
    return next(permission for permission, text in PERMISSIONS.items() if name in _names(text))


def _names(text: str) -> set[str]:
    kind, names = "", set()
    for word in text.split():
        if word.endswith(":"):
            kind = word.removesuffix(":")
        else:
            names.add(f"{kind} {word}")
    return names


def _elements(block: Json) -> Iterator[Json]:
    """Yield what of a block is sent when somebody uses it; an input of a form is sent with the form."""
    if block["type"] == "input":
        if block.get("dispatch_action"):
            yield block["element"]
        return
    if "accessory" in block:
        yield block["accessory"]
    if block["type"] == "actions":
        yield from block["elements"]


def _presses(element: Json) -> Iterator[dict[str, Any]]:
    """Yield the actions that an element can send, one for each of its choices."""
    if "action_id" not in element:
        return
    action = {"action_id": element["action_id"], "type": element["type"]}
    options = [*element.get("options", ())]
    for group in element.get("option_groups", ()):
        options += group["options"]
    if options:
        yield from ({**action, "selected_option": option} for option in options)
    elif element["type"] == "button":
        yield {**action, "value": element.get("value", "")}
    else:
        yield {**action, "value": element.get("initial_value", "words")}


def _state(view: Json) -> dict[str, Any]:
    """Return what a form submits when nothing is changed in it."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        element = block.get("element") or {}
        if "action_id" in element:
            state = {
                "value": element.get("initial_value"),
                "selected_option": element.get("initial_option"),
                "selected_options": element.get("initial_options", []),
                "selected_user": element.get("initial_user"),
                "selected_date_time": element.get("initial_date_time"),
                "selected_date": element.get("initial_date"),
            }
            kept = {name: value for name, value in state.items() if value is not None}
            values[block.get("block_id", "")] = {element["action_id"]: {"type": element["type"], **kept}}
    return {"values": values}


def _refusal(content: Json) -> str:
    found = re.search(rf"[^'\"]*{REFUSED}", str(content))
    return found[0][-160:] if found else ""
