"""Every block and element that the page renders, with the same hostile text wherever text is allowed."""

from typing import Any

Json = dict[str, Any]

HOSTILE = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
ESCAPED = HOSTILE.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
BAD_LINK = "javascript:window.hacked=1"


def plain(text: str = HOSTILE) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = ESCAPED) -> Json:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str = HOSTILE) -> Json:
    return {"text": plain(text[:75]), "value": value, "description": plain(text[:75])}


def options(*values: str) -> list[Json]:
    return [option(value) for value in values]


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn(), "confirm": plain("Yes, do"), "deny": plain("No")}


def button(action_id: str, **more: object) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain(), "value": "v", **more}


def _leaf(kind: str, **more: object) -> Json:
    return {"type": kind, **more}


RICH: Json = {
    "type": "rich_text",
    "block_id": "rich",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                _leaf(
                    "text", text=HOSTILE, style={"bold": True, "italic": True, "strike": True, "code": True}
                ),
                _leaf("link", url=BAD_LINK, text="bad link"),
                _leaf("link", url="https://example.com/", text="good link"),
                _leaf("emoji", name="tada"),
                _leaf("user", user_id="U0MIA"),
                _leaf("channel", channel_id="C0ONCALL"),
                _leaf("usergroup", usergroup_id="S0AGENTS"),
                _leaf("date", timestamp=1_700_000_000, format="{date_num} {time}", fallback="then"),
                _leaf("broadcast", range="here"),
            ],
        },
        {
            "type": "rich_text_list",
            "style": "ordered",
            "indent": 1,
            "elements": [{"type": "rich_text_section", "elements": [_leaf("text", text="first")]}],
        },
        {"type": "rich_text_quote", "elements": [_leaf("text", text="quoted")]},
        {"type": "rich_text_preformatted", "elements": [_leaf("text", text=HOSTILE)]},
    ],
}

READ: list[Json] = [
    {"type": "header", "block_id": "header", "text": plain()},
    {
        "type": "section",
        "block_id": "section",
        "text": mrkdwn(f"{ESCAPED} <{BAD_LINK}|bad> <https://example.com/|{ESCAPED}>"),
        "fields": [mrkdwn(), plain()],
        "accessory": {"type": "image", "image_url": "https://elsewhere.example/x.png", "alt_text": HOSTILE},
    },
    {"type": "context", "block_id": "context", "elements": [mrkdwn(), plain()]},
    {"type": "divider", "block_id": "divider"},
    {
        "type": "image",
        "block_id": "image",
        "image_url": "https://elsewhere.example/x.png",
        "alt_text": HOSTILE,
        "title": plain(),
    },
    RICH,
    {
        "type": "markdown",
        "block_id": "markdown",
        "text": f"# Title\n**bold** _slanted_ ~~gone~~ `code` [good](https://example.com/) [bad]({BAD_LINK})\n"
        f"- one\n- two\n\n1. uno\n\n> said\n\n{HOSTILE}\n\n```\n{HOSTILE}\n```",
    },
]

PRESSED: list[Json] = [
    {
        "type": "actions",
        "block_id": "pressed",
        "elements": [
            button("plain_button"),
            button("primary_button", style="primary"),
            button("danger_button", style="danger", confirm=CONFIRM),
            {
                "type": "overflow",
                "action_id": "menu",
                "options": [{"text": plain(), "value": "a"}, {"text": plain("second"), "value": "b"}],
            },
            {
                "type": "static_select",
                "action_id": "select",
                "placeholder": plain("Pick"),
                "options": options("a", "b"),
            },
            {
                "type": "multi_static_select",
                "action_id": "multi",
                "placeholder": plain("Several"),
                "options": options("a", "b"),
            },
            {"type": "users_select", "action_id": "user", "placeholder": plain("Who")},
            {"type": "conversations_select", "action_id": "conversation", "placeholder": plain("Where")},
            {"type": "channels_select", "action_id": "channel", "placeholder": plain("Which")},
            {"type": "datepicker", "action_id": "date", "placeholder": plain("Day")},
            {"type": "timepicker", "action_id": "time", "placeholder": plain("Hour")},
            {"type": "datetimepicker", "action_id": "datetime"},
            {"type": "checkboxes", "action_id": "checks", "options": options("a", "b")},
            {"type": "radio_buttons", "action_id": "radios", "options": options("a", "b")},
        ],
    },
]


def typed(kind: str, block_id: str, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": True,
        "label": plain(),
        "hint": plain(),
        "element": {"type": kind, "action_id": "it", **more},
    }


TYPED: list[Json] = [
    typed("plain_text_input", "line", initial_value=HOSTILE, placeholder=plain()),
    typed("plain_text_input", "lines", initial_value=HOSTILE, multiline=True, max_length=200),
    typed("email_text_input", "email", placeholder=plain()),
    typed("url_text_input", "url", placeholder=plain()),
    typed("number_input", "number", is_decimal_allowed=False, min_value="1", max_value="9"),
    typed("static_select", "one", options=options("a", "b"), initial_option=option("b")),
    typed("multi_users_select", "people", initial_users=["U0MIA"]),
    typed("checkboxes", "checks", options=options("a", "b"), initial_options=[option("a")]),
    typed("radio_buttons", "radio", options=options("a", "b")),
    typed("datepicker", "day", initial_date="2026-11-21"),
    typed("timepicker", "hour", initial_time="09:30"),
    typed("datetimepicker", "moment", initial_date_time=1_800_000_000),
]


def modal(blocks: list[Json], callback_id: str = "gallery", **more: object) -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("<b>Gallery</b>"),
        "submit": plain("Save"),
        "close": plain("Leave"),
        "blocks": blocks,
        **more,
    }
