"""users.* and usergroups.*."""

from sandbox.slack.entities import User
from sandbox.slack.errors import SlackError
from sandbox.slack.jsons import Json
from sandbox.slack.web_api.call import Call, Method


def _shown(call: Call, user: User) -> Json:
    return user.as_json(with_email="users:read.email" in call.state.scopes)


async def info(call: Call) -> Json:
    """Return one member."""
    return {"user": _shown(call, call.state.user(call.text("user")))}


async def list_(call: Call) -> Json:
    """List all members."""
    everybody = [_shown(call, user) for user in call.state.users.values()]
    page, metadata = call.page(everybody, call.limit(1000, 1000))
    return {"members": page, "cache_ts": int(call.state.clock()), "response_metadata": metadata}


async def lookup_by_email(call: Call) -> Json:
    """Return the member with an e-mail address."""
    address = call.required("email").lower()
    for user in call.state.users.values():
        if user.email.lower() == address:
            return {"user": _shown(call, user)}
    raise SlackError("users_not_found")


async def get_presence(call: Call) -> Json:
    """Say whether a member is at work."""
    user = call.state.user(call.required("user"))
    return {"presence": "active" if user.is_present else "away"}


async def usergroups_list(call: Call) -> Json:
    """List the user groups."""
    include_users = call.flag("include_users")
    return {
        "usergroups": [group.as_json(include_users=include_users) for group in call.state.groups.values()]
    }


async def usergroups_users_list(call: Call) -> Json:
    """List the members of a user group."""
    group = call.state.groups.get(call.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


METHODS = {
    "users.getPresence": Method(get_presence, ("users:read",), 3),
    "users.info": Method(info, ("users:read",), 4),
    "users.list": Method(list_, ("users:read",), 2),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",), 3),
    "usergroups.list": Method(usergroups_list, ("usergroups:read",), 2),
    "usergroups.users.list": Method(usergroups_users_list, ("usergroups:read",), 2),
}
