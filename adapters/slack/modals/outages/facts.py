"""Render what preview and review tell of a text: length, reach, cost, what can be undone, warnings."""

from dataclasses import replace
from datetime import datetime

from adapters.slack.blocks import context
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.message_content import Block
from adapters.slack.modals.form_blocks import format_count
from adapters.slack.outages.wording import NOTICE_NAMES, PHASE_NAMES, pause_line, real_line, titled
from adapters.slack.wording import count_of, language_name, price_of_one
from domain.outages.destinations import DestinationProfile, Preflight
from domain.outages.notice_checks import Fault, NoticeWarning
from domain.outages.notices import NoticeKind, NoticeText
from domain.outages.outage import Severity
from domain.outages.review import NoticeReview
from domain.outages.stated_facts import Fact, FactChange

MAX_DETAIL_LENGTH = 200
_DETAIL_LENGTHS = {Fault.SHORTENED: 600}
MAX_LANGUAGES = 6
MAX_WARNINGS = 3
SEVERITY_NAMES = {
    Severity.MINOR: "Minor: slower than usual",
    Severity.MAJOR: "Major: parts fail",
    Severity.CRITICAL: "Critical: nothing works",
}
_FACT_NAMES = {
    Fact.TITLE: "title",
    Fact.SEVERITY: "severity",
    Fact.COMPONENTS: "components",
    Fact.START: "planned start",
    Fact.END: "planned end",
}
#: What a correction does at a destination.
_EDITS = "*edits what stands there*"
_FOLLOWS = "*follows what stands there, which stays*"
_ANEW = "*is sent as a notice of its own, as what it corrects did not arrive there*"
_WARNINGS = {
    Fault.EMPTY: "There is no text. Write one, or go back and take this destination out.",
    Fault.TOO_LONG: "Too long: {detail} characters. Shorten it.",
    Fault.SAME_AS_BEFORE: "This is word for word what was sent there last. Say what is new.",
    Fault.PROMISED_TIME: "It promises a time that was not given in the form.",
    Fault.OTHER_TIME: "It says {detail}, a time that was not given in the form.",
    Fault.BLAME: "It may sound like blaming somebody: {detail}",
    Fault.COLLEAGUE_NAMED: "It names a colleague: {detail}",
    Fault.COSTLY_LINK: "A link in it costs: ${detail} with it.",
    Fault.LANGUAGE_LEFT_OUT: "Not in it for want of room: {detail}",
    Fault.SHORTENED: "Shortened to fit. Left out: {detail}",
}


def text_label(review: NoticeReview, text: NoticeText) -> str:
    """Return the destination's name, with the language where it has texts in several."""
    label = review.profiles[text.destination].label
    several = sum(one.destination == text.destination for one in review.texts) > 1
    return f"{label} ({language_name(text.language)})" if several else label


def heading_lines(review: NoticeReview) -> str:
    """Render what the notice is, of which outage, by whom, and what it promises."""
    outage, notice = review.outage, review.notice
    facts = review.facts
    named = titled(replace(outage, title=facts.title))
    first = f"{named} · {NOTICE_NAMES[notice.kind]} · {PHASE_NAMES[notice.phase]}"
    parts = [SEVERITY_NAMES[facts.severity], ", ".join(facts.components)]
    lines = [first, escape(" · ".join(filter(None, parts))), *map(_change_line, review.changes)]
    if review.rehearsal_channel is not None:
        lines.insert(0, real_line(review.rehearsal_channel))
    starts_at, ends_at = facts.starts_at or outage.starts_at, facts.ends_at or outage.ends_at
    if starts_at is not None and ends_at is not None:
        begins, ends = (date_mrkdwn(at, DateStyle.DAY_AND_CLOCK) for at in (starts_at, ends_at))
        lines.append(f"From {begins} until {ends}")
    if notice.next_update_due is not None and notice.kind is not NoticeKind.RESOLUTION:
        lines.append(f"⏰ Next update by {date_mrkdwn(notice.next_update_due, DateStyle.CLOCK)} (your clock)")
    lines.append(f"Written by {' and '.join(map(mention, notice.authors))}")
    if review.pause is not None:
        lines.append(f"{pause_line(review.pause)} This waits until somebody resumes.")
    return "\n".join(lines)


def _change_line(change: FactChange) -> str:
    """Render a fact that the notice changes, and from what."""
    before, after = (_fact_mrkdwn(change.fact, one) for one in (change.before, change.after))
    return f"✏️ *Changes the {_FACT_NAMES[change.fact]}:* {before} → {after}"


def _fact_mrkdwn(fact: Fact, value: str) -> str:
    if fact in {Fact.START, Fact.END}:
        return date_mrkdwn(datetime.fromisoformat(value), DateStyle.DAY_AND_CLOCK)
    return escape(inline(_fact_text(fact, value), MAX_DETAIL_LENGTH))


def _fact_text(fact: Fact, value: str) -> str:
    return SEVERITY_NAMES[Severity(value)].partition(":")[0] if fact is Fact.SEVERITY else value or "none"


def fact_blocks(review: NoticeReview, text: NoticeText) -> list[Block]:
    """Render the length and the facts of the destination, and the warnings of a text."""
    return [context("\n".join(fact_lines(review, text)))]


def fact_lines(review: NoticeReview, text: NoticeText) -> list[str]:
    """Return them as lines of mrkdwn."""
    profile = review.profiles[text.destination]
    count, preflight = profile.count(text.text), review.preflights.get(profile.name)
    warnings = preflight.warnings if preflight is not None else ()
    parts = [
        format_count(count.length, count.limit),
        _reach(preflight),
        _price(profile, text.text),
        _reversible(profile),
    ]
    if review.notice.kind is NoticeKind.CORRECTION:
        stands = (text.destination, text.language) not in review.not_there
        parts.insert(0, (_EDITS if profile.corrects else _FOLLOWS) if stands else _ANEW)
    lines = [" · ".join(filter(None, parts)), *map(warning_line, review.own_warnings(text))]
    if unknown := review.left_out.get(profile.name):
        names = inline(", ".join(unknown), MAX_DETAIL_LENGTH)
        lines.append(f"⚠️ {escape(f'Left out there, as the settings have no id of {names}')}")
    lines += [f"⚠️ {escape(inline(warning, MAX_DETAIL_LENGTH))}" for warning in warnings[:MAX_WARNINGS]]
    return lines


def warning_line(warning: NoticeWarning) -> str:
    """Render a warning in mrkdwn."""
    detail = inline(warning.detail, _DETAIL_LENGTHS.get(warning.fault, MAX_DETAIL_LENGTH))
    template = _WARNINGS[warning.fault]
    words = template.format(detail=detail) if detail else template.partition(": {detail}")[0] + "."
    words = words.replace("..", ".")
    return f"{'⛔' if warning.blocks else '⚠️'} {escape(words)}"


def warning_text(warning: NoticeWarning) -> str:
    """Return a warning as plain text, for the error of an input."""
    return _WARNINGS[warning.fault].format(detail=warning.detail)


def summary_line(review: NoticeReview) -> str:
    """Say how many different warnings there are, and which all texts have; empty without any."""
    number = len({(warning.fault, warning.detail) for warning in review.warnings})
    if not number:
        return ""
    shared = review.shared_warnings
    where = "below the texts" if len(shared) < number else "in every text"
    first = f"⚠️ *{count_of(number, 'thing')} to look at*, {where}."
    return "\n".join([first, *map(warning_line, shared)])


def _reach(preflight: Preflight | None) -> str:
    if preflight is None:
        return "asking whom it reaches…"
    if preflight.refusal is not None:
        return f"⛔ *would not take it:* {escape(inline(preflight.refusal, MAX_DETAIL_LENGTH))}"
    if preflight.audience is None:
        return ""
    unit = preflight.audience_unit.removesuffix("s") if preflight.audience == 1 else preflight.audience_unit
    reached = f"reaches {preflight.audience:,} {escape(unit)}".rstrip()
    shown = list(preflight.audience_by_language.items())[:MAX_LANGUAGES]
    divided = ", ".join(f"{count:,} {escape(language_name(code))}" for code, count in shown)
    return f"{reached} ({divided})" if len(shown) > 1 else reached


def _price(profile: DestinationProfile, text: str) -> str:
    price = profile.price(text)
    return f"costs {price_of_one(price)}" if price else ""


def _reversible(profile: DestinationProfile) -> str:
    match profile.corrects, profile.retracts:
        case True, True:
            return "can be edited and deleted afterwards"
        case True, False:
            return "can be edited afterwards, not deleted"
        case False, True:
            return "can be deleted afterwards, not edited"
    return "cannot be taken back"
