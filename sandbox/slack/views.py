"""Store the open modals and the Home view of each person."""

import secrets
from dataclasses import dataclass, field

from sandbox.slack.block_kit.walk import with_ids
from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json, copied


@dataclass(slots=True)
class View:
    """One view: its JSON, the person who sees it, what they have entered so far."""

    body: Json
    user: str
    values: dict[str, dict[str, Json]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The view id."""
        return str(self.body["id"])


class ViewStore:
    """The stack of open modals of each person, bottom first, and each person's Home view."""

    def __init__(self) -> None:
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def get(self, view_id: str, external_id: str = "") -> View:
        """Return a view by id or external id; raises not_found when it is not open."""
        for view in self._all():
            if view_id in (view.id, "") and external_id in (view.body["external_id"], ""):
                return view
        raise SlackError("not_found")

    def stack(self, user: str) -> list[View]:
        """Return the person's open modals, bottom first (not a copy)."""
        return self.stacks.setdefault(user, [])

    def check_external_id(self, definition: Json, but: View | None = None) -> None:
        """Check that no other view has this external id; raises duplicate_external_id."""
        external_id = definition.get("external_id")
        if external_id and any(v is not but and v.body["external_id"] == external_id for v in self._all()):
            raise SlackError("duplicate_external_id")

    def replace(self, view: View, definition: Json, now: float) -> None:
        """Replace the definition of an open view; input is kept where block and action ids are the same."""
        self.check_external_id(definition, but=view)
        fixed = ("id", "root_view_id", "previous_view_id")
        kept = {key: view.body[key] for key in fixed}
        view.body = {**new_body(definition, view.body, now), **kept}

    def _all(self) -> list[View]:
        return [view for stack in self.stacks.values() for view in stack] + list(self.homes.values())


def new_body(definition: Json, identity: Json, now: float) -> Json:
    """Build the view object of an app's definition; `identity` holds team, app and bot ids."""
    kind = definition["type"]
    view_id = f"V{secrets.token_hex(5).upper()}"
    return {
        "id": view_id,
        "team_id": identity["team_id"],
        "type": kind,
        "blocks": with_ids(definition["blocks"]),
        "private_metadata": definition.get("private_metadata") or "",
        "callback_id": definition.get("callback_id") or "",
        "state": {"values": {}},
        "hash": f"{now:.0f}.{secrets.token_urlsafe(6)}",
        "title": copied(definition.get("title")),
        "clear_on_close": bool(definition.get("clear_on_close")),
        "notify_on_close": bool(definition.get("notify_on_close")),
        "close": copied(definition.get("close")),
        "submit": copied(definition.get("submit")),
        "previous_view_id": None,
        "root_view_id": view_id,
        "app_id": identity["app_id"],
        "external_id": definition.get("external_id") or "",
        "app_installed_team_id": identity["team_id"],
        "bot_id": identity["bot_id"],
    }
