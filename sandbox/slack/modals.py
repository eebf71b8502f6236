"""Open, push, update and close views; shared by views.* and by answers to view_submission."""

import json

from sandbox.slack import payloads
from sandbox.slack.block_kit import view_problems
from sandbox.slack.entered import state_values
from sandbox.slack.errors import SlackError, invalid
from sandbox.slack.jsons import Json
from sandbox.slack.state import State
from sandbox.slack.views import View, new_body


def validate_view(state: State, definition: object, *kinds: str) -> Json:
    """Validate a view definition; raises invalid_arguments or view_too_large."""
    problems = view_problems(definition)
    if problems:
        raise invalid("invalid_arguments", problems)
    if not isinstance(definition, dict) or definition["type"] not in kinds:
        raise invalid("invalid_arguments", ["unsupported type for this method [json-pointer:/view/type]"])
    if len(json.dumps(definition)) > state.limits.view_bytes:
        raise SlackError("view_too_large")
    return definition


def open_modal(state: State, user: str, definition: Json) -> View:
    """Open a modal and replace the person's whole stack."""
    state.view_store.check_external_id(definition)
    close_all(state, user)
    view = View(new_body(definition, _identity(state), state.clock()), user)
    state.view_store.stack(user).append(view)
    _publish(state, view, "views.open", "view_opened")
    return view


def push_modal(state: State, user: str, definition: Json) -> View:
    """Push a modal onto the stack; raises push_limit_reached at three, and not_found on an empty stack."""
    stack = state.view_store.stack(user)
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= state.limits.view_stack:
        raise SlackError("push_limit_reached")
    state.view_store.check_external_id(definition)
    view = View(new_body(definition, _identity(state), state.clock()), user)
    view.body["previous_view_id"] = stack[-1].id
    view.body["root_view_id"] = stack[0].id
    stack.append(view)
    _publish(state, view, "views.push", "view_pushed")
    return view


def update_view(state: State, view: View, definition: Json, expected_hash: str = "") -> View:
    """Update an open view; raises hash_conflict when `expected_hash` is not that of its current version."""
    if expected_hash and expected_hash != view.body["hash"]:
        raise SlackError("hash_conflict")
    if definition["type"] != view.body["type"]:
        raise invalid("invalid_arguments", ["view type cannot be changed [json-pointer:/view/type]"])
    state.view_store.replace(view, definition, state.clock())
    _publish(state, view, "views.update", "home" if view.body["type"] == "home" else "view_updated")
    return view


def publish_home(state: State, user: str, definition: Json, expected_hash: str = "") -> View:
    """Publish a person's Home view; raises hash_conflict as update_view does."""
    current = state.view_store.homes.get(user)
    if expected_hash and (current is None or expected_hash != current.body["hash"]):
        raise SlackError("hash_conflict")
    if current is None:
        state.view_store.check_external_id(definition)
        current = View(new_body(definition, _identity(state), state.clock()), user)
        state.view_store.homes[user] = current
    else:
        state.view_store.replace(current, definition, state.clock())
    _publish(state, current, "views.publish", "home")
    return current


def close_top(state: State, user: str) -> None:
    """Close the top modal without view_closed, as after a submission."""
    _publish_closed(state, state.view_store.stack(user).pop())


def close_all(state: State, user: str) -> list[View]:
    """Close all modals of a person; returns them, top first."""
    gone = list(reversed(state.view_store.stack(user)))
    state.view_store.stacks[user] = []
    for view in gone:
        _publish_closed(state, view)
    return gone


def _publish_closed(state: State, view: View) -> None:
    state.audience.publish([view.user], "view_closed", {"view_id": view.id})


def _publish(state: State, view: View, call: str, event: str) -> None:
    view.values = state_values(view.body["blocks"], {}, view.values)
    body = payloads.view_json(view)
    state.ledger.record(
        "slack", call, user=view.user, view_id=view.id, callback_id=body["callback_id"], blocks=body["blocks"]
    )
    state.audience.publish([view.user], event, {"view": body})


def _identity(state: State) -> Json:
    return {"team_id": state.team.id, "app_id": state.app.id, "bot_id": state.app.bot_id}
