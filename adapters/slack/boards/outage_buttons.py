"""Render what can be pressed on an outage's board: the pending notice, the lines, the row of buttons."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.slack.blocks import (
    MAX_SECTION_LENGTH,
    Json,
    actions,
    button,
    context,
    option,
    paragraph,
    with_accessory,
    with_confirmation,
)
from adapters.slack.boards.outage_cases import case_buttons
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, link, mention
from adapters.slack.message_content import Block
from adapters.slack.outages.ids import OutageAction, OutageChoice, choice_value
from adapters.slack.outages.wording import NOTICE_NAMES
from adapters.slack.wording import count_of, language_name
from domain.outages.board import BoardView
from domain.outages.board_lines import BoardLine
from domain.outages.notices import NoticeState, Publication, PublicationState
from domain.outages.outage import Outage, OutageKind, OutageState, Phase

MAX_REASON_LENGTH = 200
MAX_SECTIONS = 2  # of other lines: a message takes 12,000 characters
MAX_PRESSED = 12  # lines with buttons, of two blocks at most: a message takes 50
_CALM = {PublicationState.QUEUED, PublicationState.SENT, PublicationState.RETRACTED}
_CHOICES = {
    OutageChoice.LEAD: "Hand over the lead…",
    OutageChoice.CORRECT: "Correct a notice…",
    OutageChoice.RETRACT: "Delete at a destination…",
    OutageChoice.TIMELINE: "Send me the time line",
    OutageChoice.REOPEN: "Reopen…",
}


def pending_block(view: BoardView) -> list[Block]:
    """Render the notice that is being written or waits for approval, with Review…; empty without one."""
    notice = view.pending
    if notice is None:
        return []
    name = NOTICE_NAMES[notice.kind].capitalize()
    by = f"written by {mention(notice.drafted_by)}"
    waits = notice.state is NoticeState.WAITING
    text = f"✋ *{name} waits for approval* · {by}" if waits else f"✏️ *{name} is a draft* · {by}"
    review = button("Review…", OutageAction.REVIEW, str(notice.id), style="primary" if waits else None)
    return [with_accessory(paragraph(text), review)]


def line_blocks(view: BoardView) -> list[Block]:
    """Render a line for each destination: those that need a person first, each with its buttons."""
    failed = [one for one in view.lines if one.publication.state is PublicationState.FAILED]
    unsure = [one for one in view.lines if one.publication.state is PublicationState.UNSURE]
    calm = [one for one in view.lines if one.publication.state in _CALM]
    blocks = [_with_retry(one, view) for one in failed[:MAX_PRESSED]]
    for one in unsure[: MAX_PRESSED - len(blocks)]:
        blocks += [paragraph(_line(one, view)), *actions(_settling(one))]
    later = [*failed, *unsure][MAX_PRESSED:]
    if later:
        needs, come, settled = (
            ("needs", "comes", "one is") if len(later) == 1 else ("need", "come", "ones are")
        )
        blocks.append(
            context(f"{len(later)} more {needs} a person, and {come} here once earlier {settled} settled.")
        )
    return [*blocks, *_paragraphs([_line(one, view) for one in calm])]


def _paragraphs(lines: Sequence[str]) -> list[Block]:
    """Render lines in as few sections as their length allows, and count those that do not fit."""
    parts = list[str]()
    for line in lines:
        joined = f"{parts[-1]}\n{line}" if parts else line
        parts[-1:] = [joined] if len(joined) <= MAX_SECTION_LENGTH else [*parts[-1:], line]
    blocks = [paragraph(part) for part in parts[:MAX_SECTIONS]]
    left = sum(part.count("\n") + 1 for part in parts[MAX_SECTIONS:])
    return [
        *blocks,
        *(
            [context(f"{left} more {'does' if left == 1 else 'do'} not fit here: look into the time line.")]
            if left
            else []
        ),
    ]


def _end(outage: Outage) -> str:
    if outage.kind is not OutageKind.MAINTENANCE:
        return "Resolve…"
    return "Finish or cancel…" if outage.phase is Phase.SCHEDULED else "Finish…"


def board_buttons(view: BoardView) -> list[Json]:
    """Render the row of buttons, those that the outage's state allows."""
    outage, key = view.outage, str(view.outage.id)
    elements: list[Json] = []
    if outage.state is OutageState.ANNOUNCED and view.pending is None:
        elements.append(button("Post update…", OutageAction.UPDATE, key, style="primary"))
        elements.append(button(_end(outage), OutageAction.RESOLVE, key))
    if view.truth is not None and view.truth.goes_on and view.pending is None:
        elements.append(button("Reopen…", OutageAction.REOPEN, key, style="danger"))
    elements += case_buttons(view)
    if view.holds_notices:
        elements.append(_take_back(view))
    if view.pause is not None:
        elements.append(_resume(key))
    elif outage.is_open:
        elements.append(button("Pause all sending…", OutageAction.PAUSE, key))
    return [*elements, _menu(view)]


def _resume(key: str) -> Json:
    """Render the button that ends a pause: it stands where the one was that began it."""
    return with_confirmation(
        button("Resume sending", OutageAction.RESUME, key),
        title="Resume all sending?",
        text="Everything that waits leaves at once, of every outage: notices, bulk answers, planned sends.",
        confirm="Resume sending",
    )


def _take_back(view: BoardView) -> Json:
    text = "Nothing that this outage holds is sent, not even once sending resumes. "
    if view.holds_mailing:
        text += "A mailing ends for good: who has no mail yet gets none of it. Other lines get Try again."
    else:
        text += "Each line gets Try again."
    return with_confirmation(
        button("Take back what is held", OutageAction.TAKE_BACK, str(view.outage.id)),
        title="Take it back?",
        text=text,
        confirm="Take it back",
    )


def _menu(view: BoardView) -> Json:
    outage = view.outage
    free = view.pending is None
    offered = {
        OutageChoice.LEAD: outage.is_open,
        OutageChoice.CORRECT: free and bool(view.correctable),
        OutageChoice.RETRACT: bool(view.retractable),
        OutageChoice.TIMELINE: True,
        OutageChoice.REOPEN: free and outage.state is OutageState.RESOLVED,
    }
    options = [
        option(_CHOICES[choice], choice_value(choice, outage.id)) for choice, on in offered.items() if on
    ]
    return {"type": "overflow", "action_id": str(OutageAction.MORE), "options": options}


def line_label(line: BoardLine, lines: Sequence[BoardLine]) -> str:
    """Return the destination's name, with language and notice where it has lines of several."""
    languages = {one.publication.language for one in lines if one.profile.name == line.profile.name}
    parts = [language_name(line.publication.language)] if len(languages) > 1 else []
    parts += [NOTICE_NAMES[line.kind]] if line.kind is not None else []
    return line.profile.label + (f" ({', '.join(parts)})" if parts else "")


def _with_retry(line: BoardLine, view: BoardView) -> Block:
    again = button(
        "Try again",
        OutageAction.TRY_AGAIN,
        str(line.publication.id),
        style=None if line.publication.is_taken_back else "primary",
    )
    return with_accessory(paragraph(_line(line, view)), again)


def _settling(line: BoardLine) -> list[Json]:
    """Render what a person may have seen; where something waits for it, also what becomes of that."""
    key = str(line.publication.id)
    is_there = button("It is there", OutageAction.IS_THERE, key)
    if line.held is None:
        return [is_there, button("It is not there", OutageAction.IS_NOT_THERE, key)]
    return [
        is_there,
        button("Send it again", OutageAction.SEND_AGAIN, key),
        button("Go on without it", OutageAction.GO_ON, key),
    ]


def _line(line: BoardLine, view: BoardView) -> str:
    publication, label = line.publication, f"*{escape(line_label(line, view.lines))}*"
    reason = escape(inline(publication.error or "", MAX_REASON_LENGTH))
    look = f" · {link(publication.url, 'View')}" if publication.url else ""
    match publication.state:
        case PublicationState.QUEUED:
            return _on_its_way(label, reason, is_paused=view.pause is not None)
        case PublicationState.SENT:
            at = date_mrkdwn(publication.sent_at, DateStyle.CLOCK) if publication.sent_at else "sent"
            not_deleted = f" · *not deleted:* {reason}" if reason else ""
            missed = f" · {count_of(line.missed, 'earlier notice')} never arrived" if line.missed else ""
            mark, progress = _progress(publication, is_paused=view.pause is not None)
            return f"{mark} {label} · {at}{progress}{look}{missed}{not_deleted}"
        case PublicationState.FAILED:
            mark = "↩️" if publication.is_taken_back else "❌"
            return f"{mark} {label} · *not sent:* {reason or 'no reason was given'}"
        case PublicationState.UNSURE:
            there = link(publication.url or line.profile.own_page, "Look there")
            held = f" The {NOTICE_NAMES[line.held]} waits for that." if line.held is not None else ""
            return f"❓ {label} · *not sure that it was sent:* {reason}. {there}, then press.{held}"
        case PublicationState.RETRACTED:
            return f"🗑️ {label} · deleted"


def _on_its_way(label: str, reason: str, *, is_paused: bool) -> str:
    """Say why what is on its way has not left: it is held, or was tried and is tried again."""
    if is_paused:
        return f"⏸️ {label} · held until sending is resumed"
    return f"⏳ {label} · not sent yet, is tried again: {reason}" if reason else f"⏳ {label} · sending…"


def _progress(publication: Publication, *, is_paused: bool) -> tuple[str, str]:
    """Return the mark of what was sent, and how far a destination is that sends to many, one by one."""
    progress = publication.data.get("progress")
    if progress is None:
        return "✓", ""
    if publication.rest_taken_back:
        by = f"the rest was taken back by {mention(progress['taken_back_by'])}"
        parts = [f"{progress['mailed']:,} of {progress['total']:,} were mailed", *_counts(progress), by]
        return "↩️", "".join(f" · {part}" for part in parts)
    if not progress["total"] and not progress["waiting"]:
        heard_only = publication.data.get("heard_only")
        nobody = "nobody was mailed of it before" if heard_only else "nobody has subscribed yet"
        return "✓", f" · {nobody}"
    parts = [f"{progress['mailed']:,} of {progress['total']:,} mailed", *_counts(progress)]
    if progress["waiting"]:
        parts.append(f"waiting: {escape(inline(progress['waiting'], MAX_REASON_LENGTH))}")
    if progress["mailed"] >= progress["total"]:
        mark = "✓"
    elif is_paused:
        mark, parts = "⏸️", [*parts, "held"]
    else:
        mark = "⏳"
    return mark, "".join(f" · {part}" for part in parts)


def _counts(progress: Mapping[str, Any]) -> list[str]:
    return [f"{count:,} {escape(name)}" for name, count in progress["counts"].items()]
