"""Render what `/mentions` can do for somebody: the commands that they may use."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass

from adapters.slack.blocks import context, paragraph
from adapters.slack.escaping import escape_code, inline
from adapters.slack.message_content import Block, Content
from domain.access import Permission

MAX_TYPED_LENGTH = 40


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of help: a command, what it does, and who is told of it: whoever has one of `needs`.

    `more` is told to whoever has the permission beside it.
    """

    command: str
    does: str
    needs: tuple[Permission, ...] = (Permission.SEE_CASES,)
    more: tuple[Permission, str] | None = None

    def text_for(self, permissions: Collection[Permission]) -> str:
        """Render the line as somebody with these permissions reads it; empty for whoever has none of them."""
        if not any(needed in permissions for needed in self.needs):
            return ""
        more = self.more[1] if self.more is not None and self.more[0] in permissions else ""
        return f"`{escape_code(self.command)}` {self.does}{more}"


_AGENTS, _REPORTS, _RECORDS = (
    (Permission.WORK_ON_CASES,),
    (Permission.SEE_REPORTS,),
    (Permission.KEEP_RECORDS,),
)
_HELP = {
    "Your work": (
        _Line("/mentions next", "claims the case that matters most, for you", _AGENTS),
        _Line("/mentions mine", "lists the cases you have claimed", _AGENTS),
        _Line(
            "/mentions find <words>",
            "finds cases; `card*` is all that begins so, `tag:billing` all with that tag",
        ),
        _Line("/mentions promises", "lists what our answers promised, by when it is due"),
        _Line(
            "@Switchboard <text>",
            "tells the customer in private: at the beginning of a line in a case's thread",
            _AGENTS,
        ),
    ),
    "How it went, and what comes": (
        _Line(
            "/mentions summary 7d language:es",
            "shows the figures of a period: `today`, `yesterday`, `last week`, `24h`, `30d`, `2026-11-01..2026-11-07`",
            _REPORTS,
        ),
        _Line(
            "/mentions topics 7d",
            "shows what posts are about, and what is named more often than before",
            _REPORTS,
        ),
        _Line("/mentions causes", "shows the causes that are tracked, and what came since the fix", _REPORTS),
        _Line(
            "/mentions fairness 30d", "compares how customers with the same situation were treated", _REPORTS
        ),
        _Line(
            "/mentions agents 30d", "shows your figures; to managers, those of all agents", _AGENTS + _REPORTS
        ),
        _Line(
            "/mentions outlook",
            "shows what the next 7 days will bring, and how many people they need",
            _REPORTS,
        ),
        _Line("/mentions digest", "shows which summaries come by themselves, and sends one now", _REPORTS),
        _Line(
            "/mentions completeness", "compares what the networks listed with what we hold, by day", _REPORTS
        ),
        _Line(
            "/mentions export 30d",
            "sends you the rows behind a summary as a file; `jsonl` for JSON Lines",
            _REPORTS,
        ),
    ),
    "What the bot has learnt": (
        _Line("/mentions replies <words>", "shows the saved replies: make, edit and retire them", _AGENTS),
        _Line(
            "/mentions replies figures",
            "shows how saved replies are used, and what they do not answer",
            _AGENTS,
        ),
        _Line("/mentions words", "shows what corrections of cards have taught, and takes it back", _AGENTS),
    ),
    "Customers and records": (
        _Line(
            "/mentions vip",
            "lists VIPs",
            more=(
                Permission.LIST_CUSTOMERS,
                "; `@handle why` after it adds one, `@handle off` takes one off",
            ),
        ),
        _Line(
            "/mentions watch",
            "lists customers of whom you are told when they write",
            more=(Permission.LIST_CUSTOMERS, "; `@handle why` and `@handle off` as with VIPs"),
        ),
        _Line(
            "/mentions audit <case or words>",
            "shows who did what to a case; without a case, what people did last",
            _RECORDS,
        ),
        _Line(
            "/mentions hold <case> <reason>",
            "keeps a case from being erased; `/mentions unhold`, with case and reason, ends that",
            _RECORDS,
        ),
    ),
}


def render_help(permissions: Collection[Permission], *, unknown: str = "") -> Content:
    """Render the answer to `/mentions` without arguments, each part whole: Slack folds long sections.

    It has what somebody with these permissions may use. It begins with what was typed where that is
    `unknown`, and with the nearest that is known.
    """
    sections = {
        title: [text for line in lines if (text := line.text_for(permissions))]
        for title, lines in _HELP.items()
    }
    parts: list[Block] = [
        {**paragraph("\n".join([f"*{title}*", *lines])), "expand": True}
        for title, lines in sections.items()
        if lines
    ]
    footer = "The whole queue is in the Home tab of this app. Only you see this."
    if not parts:
        parts = [paragraph("There is nothing that you may do here.")]
        footer = "The Home tab of this app says why. Only you see this."
    refused = [paragraph(_unknown_command(unknown, permissions))] if unknown else []
    return Content(text="What /mentions can do", blocks=[*refused, *parts, context(footer)])


def _unknown_command(typed: str, permissions: Collection[Permission]) -> str:
    commands = [
        line.command.split()[1]
        for lines in _HELP.values()
        for line in lines
        if line.command.startswith("/") and line.text_for(permissions)
    ]
    if Permission.KEEP_RECORDS in permissions:
        commands.append("unhold")
    nearest = nearest_command(typed, commands)
    return unknown_command("/mentions", typed, f"Did you mean `/mentions {nearest}`?" if nearest else "")


def nearest_command(typed: str, commands: Collection[str]) -> str:
    """Return the command that was probably meant; empty where none is near."""
    return next(iter(difflib.get_close_matches(typed[:MAX_TYPED_LENGTH], commands, n=1)), "")


def unknown_command(command: str, typed: str, meant: str) -> str:
    """Say that a slash command knows nothing of what was typed behind it, and what was probably meant."""
    shown = escape_code(inline(typed, MAX_TYPED_LENGTH))
    return f"⚠️ Nothing was done: there is no `{command} {shown}`. {meant}".rstrip()
