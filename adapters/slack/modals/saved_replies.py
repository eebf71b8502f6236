"""Render the list of saved replies and the history of one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from adapters.slack.action_ids import BadValue, load_json
from adapters.slack.blocks import DIVIDER, Json, actions, button, context, option, paragraph, plain_text
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import (
    cut_at_word,
    escape,
    inline,
    isolate,
    mention,
    one_line,
    shorten,
    strip_control,
)
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.saved_reply_ids import (
    ReplyChoice,
    SavedReplyAction,
    SavedReplyBlock,
    SavedReplyCallback,
    reply_value,
)
from adapters.slack.wording import count_of, language_name
from domain.knowledge.reply_forms import ReplyList
from domain.knowledge.saved_replies import (
    Difference,
    ReplyChange,
    ReplyVersion,
    Wording,
    differences,
)
from domain.triage.saved_replies import TemplateError, fill_template
from domain.triage.situations import ENGLISH, Situation

MAX_WORDS_LENGTH = 200
MAX_TITLE_LENGTH = 80
MAX_FIRST_WORDS = 95
MAX_LANGUAGES = 4
MAX_VERSIONS = 15
MAX_PAGE = 100_000
MAX_DIFFERENCES = 6
MAX_DIFFERENCE_LENGTH = 250

_CHANGES = {
    ReplyChange.SHIPPED: "came with Switchboard",
    ReplyChange.CREATED: "made",
    ReplyChange.EDITED: "edited",
    ReplyChange.RETIRED: "retired",
    ReplyChange.RESTORED: "brought back",
}
_FIELDS = {
    "title": "Name",
    "situations": "Situations",
    "expires_on": "Suggested until",
    "owner": "Owner",
    "public_only": "Only in public",
    "examples": "What customers write",
    "reasons": "Reasons",
    "usual": "Usual reply",
}


@dataclass(frozen=True, slots=True)
class ListState:
    """What the list keeps in `private_metadata`: the words that were searched for, and the page."""

    words: str = ""
    page: int = 0


def parse_list_state(text: object) -> ListState:
    """Parse the list's `private_metadata`; raises `BadValue`."""
    data = load_json(text)
    match data:
        case {"words": str(words), "page": int(page)} if 0 <= page <= MAX_PAGE:
            return ListState(words[:MAX_WORDS_LENGTH], page)
    raise BadValue


def render_reply_list(listed: ReplyList) -> View:
    """Render a page of the saved replies, each with a menu."""
    blocks = [
        *_outcome(listed),
        _search(listed.words),
        *actions([button("New reply…", SavedReplyAction.REPLIES_NEW, "new", style="primary")]),
        DIVIDER,
        *(_row(reply, listed.today) for reply in listed.replies),
        *([] if listed.replies else [paragraph(_nothing_found(listed.words))]),
        *_paging(listed),
    ]
    state = {"words": listed.words[:MAX_WORDS_LENGTH], "page": listed.page}
    return modal(
        "Saved replies",
        SavedReplyCallback.SAVED_REPLIES,
        blocks,
        submit="Search",
        close="Close",
        metadata=json.dumps(state, separators=(",", ":")),
    )


def _outcome(listed: ReplyList) -> list[Block]:
    if listed.changed is not None:
        what = {ReplyChange.RETIRED: "is retired: it is not suggested any more"}
        done = what.get(listed.changed.change, "is saved: it can be suggested from now on")
        if listed.changed.is_expired(listed.today):
            done = "is back, but expired: edit it and pick a later day"
        return [paragraph(f"✅ *{_title(listed.changed)}* {done}.")]
    if listed.outdated is not None:
        by = mention(listed.outdated.by)
        return [
            paragraph(
                f"⚠️ Nothing was done: {by} changed *{_title(listed.outdated)}* meanwhile. "
                "Look at it below, then choose again."
            )
        ]
    return []


def _search(words: str) -> Block:
    element: Json = {
        "type": "plain_text_input",
        "action_id": str(SavedReplyAction.REPLIES_SEARCH),
        "placeholder": plain_text("A name, or words of a reply", 150),
        "max_length": MAX_WORDS_LENGTH,
    }
    element |= {"initial_value": words} if words else {}
    return form_input(SavedReplyBlock.REPLIES_SEARCH, "Search", element, optional=True)


def _row(reply: ReplyVersion, today: date) -> Block:
    content = reply.content
    names = [language_name(code) for code in content.languages]
    more = f" + {len(names) - MAX_LANGUAGES}" if len(names) > MAX_LANGUAGES else ""
    facts = [
        ", ".join(situation_label(situation) for situation in sorted(content.situations)),
        ", ".join(names[:MAX_LANGUAGES]) + more,
        f"owner {mention(content.owner)}" if content.owner else "",
        _expiry(reply, today),
    ]
    first = next(iter(content.wordings_in(ENGLISH) or content.wordings), None)
    first_words = _first_words(first) if first is not None else ""
    lines = [
        f"*{_title(reply)}*{_badge(reply, today)}",
        " · ".join(fact for fact in facts if fact),
        f"“{first_words}”",
    ]
    return {**paragraph("\n".join(lines)), "accessory": _menu(reply)}


def _first_words(wording: Wording) -> str:
    text = one_line(_for_nobody(wording.text))
    return escape(isolate(strip_control(cut_at_word(text, MAX_FIRST_WORDS))))


def _for_nobody(text: str) -> str:
    """Return a wording without what it says where the customer's name is known."""
    try:
        return fill_template(text, first_name="", brand="{{ brand }}", help_url="{{ help_url }}")
    except TemplateError:
        return text


def _title(reply: ReplyVersion) -> str:
    return escape(inline(reply.content.title, MAX_TITLE_LENGTH))


def _badge(reply: ReplyVersion, today: date) -> str:
    if reply.is_retired:
        return "  `retired`"
    return "  `expired`" if reply.is_expired(today) else ""


def _expiry(reply: ReplyVersion, today: date) -> str:
    expires_on = reply.content.expires_on
    if expires_on is None or reply.is_retired:
        return ""
    if reply.expires_soon(today):
        days = (expires_on - today).days
        when = ["today", "tomorrow"][days] if days <= 1 else f"in {days} days"
        return f"⚠️ expires {when}"
    verb = "expired" if reply.is_expired(today) else "until"
    return f"{verb} {_day(expires_on)}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def _menu(reply: ReplyVersion) -> Block:
    choices = {
        ReplyChoice.EDIT: "Edit…",
        ReplyChoice.HISTORY: "History…",
        **({ReplyChoice.RESTORE: "Bring back"} if reply.is_retired else {ReplyChoice.RETIRE: "Retire"}),
    }
    return {
        "type": "overflow",
        "action_id": str(SavedReplyAction.REPLIES_MENU),
        "options": [
            option(label, reply_value(choice, reply.name, reply.version)) for choice, label in choices.items()
        ],
    }


def _nothing_found(words: str) -> str:
    if not words:
        return "There is no saved reply yet. Press *New reply…*."
    return f"No saved reply has “{escape(inline(words, MAX_WORDS_LENGTH))}” in it. Try fewer words."


def _paging(listed: ReplyList) -> list[Block]:
    where = f" · page {listed.page + 1} of {listed.pages}" if listed.pages > 1 else ""
    buttons = [
        *(
            [button("← Previous", SavedReplyAction.REPLIES_PREVIOUS, str(listed.page - 1))]
            if listed.page
            else []
        ),
        *(
            [button("Next →", SavedReplyAction.REPLIES_NEXT, str(listed.page + 1))]
            if listed.page + 1 < listed.pages
            else []
        ),
    ]
    total = count_of(listed.found, "saved reply", "saved replies")
    return [context(f"{total}{where}"), *actions(buttons)]


def render_reply_history(versions: Sequence[ReplyVersion], state: ListState) -> View:
    """Render the versions of a reply, the newest first, each with what it changed."""
    newest = versions[0]
    blocks: list[Block] = [paragraph(f"*{_title(newest)}*")]
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        changed = differences(before.content, version.content) if before is not None else []
        blocks.append(paragraph(f"{_version_line(version)}{difference_lines(changed)}"))
    hidden = len(blocks) - 1 - MAX_VERSIONS
    blocks = blocks[: MAX_VERSIONS + 1]
    if hidden > 0:
        blocks.append(context(f"{count_of(hidden, 'older version')} not shown."))
    blocks += actions([button("← All replies", SavedReplyAction.REPLIES_BACK, "back")])
    return modal(
        "History",
        SavedReplyCallback.REPLY_HISTORY,
        blocks,
        close="Close",
        metadata=json.dumps({"words": state.words, "page": state.page}, separators=(",", ":")),
    )


def _version_line(version: ReplyVersion) -> str:
    by = f" by {mention(version.by)}" if version.by else ""
    at = f", {date_mrkdwn(version.at, DateStyle.DAY_AND_CLOCK)}" if version.at is not None else ""
    return f"*Version {version.version}* {_CHANGES[version.change]}{by}{at}"


def difference_lines(changes: Sequence[Difference]) -> str:
    """Render what changed, a line for each field, behind a line break; empty where nothing did."""
    lines = [_difference_line(change) for change in changes[:MAX_DIFFERENCES]]
    hidden = len(changes) - len(lines)
    lines += [f"• {count_of(hidden, 'more change')}"] if hidden > 0 else []
    return "".join(f"\n{line}" for line in lines)


def _difference_line(change: Difference) -> str:
    name = f"Wordings in {language_name(change.language)}" if change.language else _FIELDS[change.field]
    before, after = change.before.split("\n"), change.after.split("\n")
    old = _shown_value(change.field, [line for line in before if line not in after])
    new = _shown_value(change.field, [line for line in after if line not in before])
    parts = [f"~{old}~" if old else "", new]
    return f"• {name}: {' → '.join(part for part in parts if part) or 'changed'}"


def _shown_value(field: str, lines: Sequence[str]) -> str:
    """Render the lines of a value that are only on one side."""
    value = " / ".join(line for line in lines if line)
    match field:
        case "owner" if value:
            return mention(value)
        case "situations" if value:
            return ", ".join(situation_label(Situation(name)) for name in value.split(", "))
        case "expires_on" if value:
            return _day(date.fromisoformat(value))
    return escape(strip_control(shorten(value, MAX_DIFFERENCE_LENGTH)))
