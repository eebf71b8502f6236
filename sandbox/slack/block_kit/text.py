"""Schemas of composition objects: text, option, confirm, dispatch and filter configuration."""

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.slack.block_kit.shapes import (
    Check,
    Rule,
    Shape,
    Typed,
    boolean,
    choice,
    list_of,
    problem,
    string,
)

ID = string(255)


def plain(maximum: int) -> Check:
    """Require a plain_text object."""
    return Typed({"plain_text": Shape({"text": string(maximum, 1), "emoji": boolean}, ("text",))})


def rich(maximum: int) -> Check:
    """Require a plain_text or mrkdwn object."""
    mrkdwn = Shape({"text": string(maximum, 1), "verbatim": boolean}, ("text",))
    return Typed({"plain_text": plain(maximum), "mrkdwn": mrkdwn})


def _option(text: Check, **more: Check) -> Check:
    fields = {"text": text, "value": string(150, 1), "description": plain(75), **more}
    return Shape(fields, ("text", "value"))


OPTION = _option(plain(75))
RICH_OPTION = _option(rich(75), description=rich(75))
OVERFLOW_OPTION = _option(plain(75), url=string(3000))
OPTIONS = list_of(OPTION, 1, 100)
OPTION_GROUPS = list_of(Shape({"label": plain(75), "options": OPTIONS}, ("label", "options")), 1, 100)

CONFIRM = Shape(
    {
        "title": plain(100),
        "text": rich(300),
        "confirm": plain(30),
        "deny": plain(30),
        "style": choice("primary", "danger"),
    },
    ("title", "text", "confirm", "deny"),
)
DISPATCH = Shape({"trigger_actions_on": list_of(choice("on_enter_pressed", "on_character_entered"), 1, 2)})
FILTER = Shape(
    {
        "include": list_of(choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)
SLACK_FILE = Shape({"id": string(255), "url": string(3000)})


def initial_among_options(name: str) -> Rule:
    """Require that the initial choice in field `name` equals one of the options."""

    def rule(value: Mapping[str, Any], at: str) -> Iterator[str]:
        chosen = value.get(name)
        if chosen is None:
            return
        groups = value.get("option_groups") or []
        offered = list(value.get("options") or [])
        offered += [
            option for group in groups if isinstance(group, dict) for option in group.get("options") or []
        ]
        for one in chosen if isinstance(chosen, list) else [chosen]:
            if one not in offered:
                yield problem(f"{name} must match one of the options", f"{at}/{name}")

    return rule
