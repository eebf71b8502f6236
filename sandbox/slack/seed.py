"""The demo workspace, with fixed ids for tests and the page."""

from sandbox.slack.entities import AppIdentity, Channel, Command, Shortcut, Team, User, UserGroup

TEAM = Team(id="T0SWITCH", name="Acme", domain="acme")
APP = AppIdentity(
    id="A0SWITCH",
    name="Switchboard",
    bot_id="B0SWITCH",
    bot_user_id="U0BOT",
    bot_token="xoxb-sandbox-bot",  # noqa: S106 - opens nothing but this sandbox
    app_token="xapp-sandbox-app",  # noqa: S106 - opens nothing but this sandbox
    signing_secret="sandbox-signing-secret",  # noqa: S106 - opens nothing but this sandbox
)
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "chat:write.public",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "pins:write",
    "usergroups:read",
    "users:read",
    "users:read.email",
)
APP_SCOPES = ("connections:write",)
EVENTS = (
    "app_home_opened",
    "app_mention",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
)


def users() -> list[User]:
    """Create the bot and the five people of the demo."""
    people = [
        ("U0SAM", "sam", "Sam Okafor", "Support agent", "#2f7d6b"),
        ("U0MIA", "mia", "Mia Lindqvist", "Support agent", "#a5527a"),
        ("U0KAI", "kai", "Kai Tanaka", "On call", "#4a6fa5"),
        ("U0RUTH", "ruth", "Ruth Adeyemi", "Support manager", "#b0762f"),
        ("U0LEO", "leo", "Leo Marsh", "Sales", "#6b5ca5"),
    ]
    bot = User(
        APP.bot_user_id, "switchboard", APP.name, TEAM.id, title="App", avatar_color="#1d1c1d", is_bot=True
    )
    return [bot] + [
        User(id_, name, real_name, TEAM.id, title=title, email=f"{name}@acme.example", avatar_color=color)
        for id_, name, real_name, title, color in people
    ]


def channels() -> list[Channel]:
    """Create five channels; the bot is not in #lobby, and Leo is not in #support."""
    everyone = ["U0SAM", "U0MIA", "U0KAI", "U0RUTH", "U0LEO"]
    bot = APP.bot_user_id
    return [
        Channel("C0SUPPORT", "support", "Public mentions and their answers", [bot, *everyone[:4]]),
        Channel("C0ONCALL", "oncall", "Outages", [bot, "U0KAI", "U0RUTH"]),
        Channel("C0GENERAL", "general", "Everyone at Acme", [bot, *everyone]),
        Channel("C0LOBBY", "lobby", "Small talk", everyone),
        Channel("C0DRILL", "rehearsal", "Practise an outage: /outage rehearse", [bot, *everyone[:4]]),
    ]


def groups() -> list[UserGroup]:
    """Create the two user groups of the demo."""
    return [
        UserGroup("S0AGENTS", "support-agents", "Support agents", ["U0SAM", "U0MIA"], TEAM.id),
        UserGroup("S0MANAGERS", "support-managers", "Support managers", ["U0RUTH", "U0KAI"], TEAM.id),
    ]


def commands() -> list[Command]:
    """Create the slash commands of the app."""
    return [
        Command(
            "/mentions", "Work the queue of mentions", "[next | mine | find words | summary | outlook | help]"
        ),
        Command(
            "/outage",
            "Tell everyone what is broken",
            "[list | maintenance | pause | resume | rehearse | help]",
        ),
    ]


def shortcuts() -> list[Shortcut]:
    """Create the shortcuts of the app."""
    return [
        Shortcut("outage_open", "Open an outage…", is_of_messages=False),
        Shortcut("outage_report", "Open an outage…", is_of_messages=True),
    ]
