"""Find the listener of a button or a form by its id: Bolt asks one listener after the other."""

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from handlers.slack.payloads import read_text

ANY = re.compile("")

Listener = Callable[..., Awaitable[Any]]
#: The tables, by the type of what Slack sends.
_TABLES: Mapping[str, str] = {"block_actions": "action", "view_submission": "view"}


class _Table:
    """The listeners of one kind of request, by id; `find_id` returns that of a request's body."""

    def __init__(self, find_id: Callable[[Mapping[str, Any]], object]) -> None:
        self._find_id = find_id
        self._by_id: dict[str, tuple[Listener, set[str]]] = {}
        self._of_others: tuple[Listener, set[str]] | None = None

    def add(self, wanted: object, listener: Listener) -> bool:
        """Add a listener, the first of its id; false for one that Bolt has to find or to give arguments."""
        names = set(inspect.signature(listener).parameters)
        if not names <= {"ack", "body"}:
            return False
        if wanted == ANY:
            self._of_others = self._of_others or (listener, names)
        elif isinstance(wanted, str):
            self._by_id.setdefault(wanted, (listener, names))
        else:
            return False
        return True

    def find(self, body: Mapping[str, Any]) -> tuple[Listener, set[str]] | None:
        """Return the listener of a request, with the names of its arguments; `None` where it has none."""
        return self._by_id.get(read_text(self._find_id(body)), self._of_others)

    async def dispatch(self, ack: AsyncAck, body: Mapping[str, Any]) -> None:
        """Run the listener of a request. Without one Bolt goes on, as nothing is acknowledged."""
        found = self.find(body)
        if found is not None:
            listener, names = found
            await listener(**{name: given for name, given in (("ack", ack), ("body", body)) if name in names})


class TabledApp(AsyncApp):
    """A Bolt app that finds most listeners of buttons and forms by one look-up.

    Bolt asks each listener in turn, which takes it some 12 µs each: 2 ms for the last of 170. Listeners that
    take more than `ack` and `body`, or that are for a pattern, are left to it. The listener of any id runs
    where there is none of the id, in whatever order they are registered.
    """

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 - as Bolt takes them
        super().__init__(**options)
        self._tables: dict[str, _Table] = {}
        self._commands: dict[object, Listener] = {}

    def find_listener(self, body: Mapping[str, Any]) -> Listener | None:
        """Return the listener of a press, a submitted form or a command; `None` where Bolt has to find it."""
        if "command" in body:
            return self._commands.get(read_text(body["command"]))
        table = self._tables.get(_TABLES.get(read_text(body.get("type")), ""))
        found = table.find(body) if table is not None else None
        return found[0] if found is not None else None

    def action(self, constraints: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as Bolt, and below
        """Register a listener of a button."""
        return self._register("action", _action_id, constraints, super().action, *args, **kwargs)

    def view(self, constraints: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Bolt's signature
        """Register a listener of a submitted form."""
        return self._register("view", _callback_id, constraints, super().view, *args, **kwargs)

    def view_submission(self, constraints: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Bolt's signature
        """Register a listener of a submitted form."""
        return self._register("view", _callback_id, constraints, super().view_submission, *args, **kwargs)

    def view_closed(self, constraints: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Bolt's signature
        """Register a listener of a closed form."""
        return self._register("view_closed", _callback_id, constraints, super().view_closed, *args, **kwargs)

    def command(self, command: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - Bolt's signature
        """Register a listener of a slash command."""
        by_bolt = super().command(command, *args, **kwargs)

        def register(listener: Listener) -> Listener:
            self._commands.setdefault(command, listener)
            by_bolt(listener)
            return listener

        return register

    def _register(
        self,
        kind: str,
        find_id: Callable[[Mapping[str, Any]], object],
        constraints: object,
        by_bolt: Callable[..., Callable[[Listener], Any]],
        *args: Any,  # noqa: ANN401 - as Bolt takes them, as the next
        **kwargs: Any,  # noqa: ANN401 - Bolt's signature
    ) -> Callable[[Listener], Listener]:
        def register(listener: Listener) -> Listener:
            table = self._tables.get(kind) or _Table(find_id)
            if args or kwargs or not table.add(constraints, listener):
                by_bolt(constraints, *args, **kwargs)(listener)
            elif kind not in self._tables:
                self._tables[kind] = table
                by_bolt(ANY)(table.dispatch)
            return listener

        return register


def _action_id(body: Mapping[str, Any]) -> object:
    actions = body.get("actions")
    first = actions[0] if isinstance(actions, list) and actions else None
    return first.get("action_id") if isinstance(first, dict) else None


def _callback_id(body: Mapping[str, Any]) -> object:
    view = body.get("view")
    return view.get("callback_id") if isinstance(view, dict) else None
