"""views.*: open, push, update and publish views."""

from sandbox.slack import modals
from sandbox.slack.errors import SlackError, invalid
from sandbox.slack.jsons import Json, copied
from sandbox.slack.views import View
from sandbox.slack.web_api.call import Call, Method
from sandbox.slack.web_api.pictures import require_fetched


async def _definition(call: Call, *kinds: str) -> Json:
    view = call.json("view")
    if view is None:
        raise invalid("invalid_arguments", ["missing required field: view [json-pointer:/]"])
    definition = modals.validate_view(call.state, view, *kinds)
    await require_fetched(call.state, definition["blocks"], "/view/blocks", "invalid_arguments")
    return definition


def _answer(view: View) -> Json:
    """Build the view without what the person has entered, which Slack reports only in interactions."""
    return {"view": copied(view.body)}


async def open_view(call: Call) -> Json:
    """Open a modal for the person of the trigger, once and within 3 seconds."""
    trigger = call.state.triggers.check(call.required("trigger_id"))
    view = modals.open_modal(call.state, trigger.user, await _definition(call, "modal"))
    trigger.used = True
    return _answer(view)


async def push(call: Call) -> Json:
    """Push a modal onto the one in which the trigger was created."""
    trigger = call.state.triggers.check(call.required("trigger_id"))
    view = modals.push_modal(call.state, trigger.user, await _definition(call, "modal"))
    trigger.used = True
    return _answer(view)


async def update(call: Call) -> Json:
    """Update an open view, by its id or external id."""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        raise invalid("invalid_arguments", ["missing required field: view_id [json-pointer:/]"])
    definition = await _definition(call, "modal", "home")
    view = call.state.view_store.get(view_id, external_id)
    return _answer(modals.update_view(call.state, view, definition, call.text("hash")))


async def publish(call: Call) -> Json:
    """Publish a person's Home view."""
    user = call.required("user_id")
    if user not in call.state.users:
        raise SlackError("user_not_found")
    definition = await _definition(call, "home")
    return _answer(modals.publish_home(call.state, user, definition, call.text("hash")))


METHODS = {
    "views.open": Method(open_view),
    "views.push": Method(push),
    "views.update": Method(update),
    "views.publish": Method(publish),
}
