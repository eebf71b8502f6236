"""auth.test, api.test, bots.info and apps.connections.open."""

from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json
from sandbox.slack.web_api.call import Call, Method


async def auth_test(call: Call) -> Json:
    """Return the owner of the token."""
    state = call.state
    if call.arguments.get("token") == state.app.app_token:
        return {"app_name": state.app.name, "app_id": state.app.id}
    return {
        "url": f"https://{state.team.domain}.slack.com/",
        "team": state.team.name,
        "user": state.user(state.app.bot_user_id).name,
        "team_id": state.team.id,
        "user_id": state.app.bot_user_id,
        "bot_id": state.app.bot_id,
        "is_enterprise_install": False,
    }


async def api_test(call: Call) -> Json:
    """Echo the arguments, or fail with the requested error."""
    arguments = {key: value for key, value in call.arguments.items() if key != "token"}
    if "error" in arguments:
        raise SlackError(str(arguments["error"]), extra={"args": arguments})
    return {"args": arguments}


async def bots_info(call: Call) -> Json:
    """Return the app's bot."""
    app = call.state.app
    if call.text("bot", app.bot_id) != app.bot_id:
        raise SlackError("bot_not_found")
    bot = {"id": app.bot_id, "deleted": False, "name": app.name, "updated": 0, "app_id": app.id}
    return {"bot": {**bot, "user_id": app.bot_user_id, "icons": {}}}


async def connections_open(call: Call) -> Json:
    """Create a WebSocket address on this host, valid for one connection."""
    state = call.state
    address = state.address.replace("http", "ws", 1)
    return {"url": f"{address}/slack/socket/link/?ticket={state.sockets.ticket()}&app_id={state.app.id}"}


METHODS = {
    "auth.test": Method(auth_test, caller="anyone"),
    "api.test": Method(api_test, caller="nobody"),
    "bots.info": Method(bots_info, ("users:read",), 3),
    "apps.connections.open": Method(connections_open, ("connections:write",), 2, caller="app"),
}
