"""Render what the desk has taught: the answer to `/mentions words`."""

from collections.abc import Sequence

from adapters.slack.action_ids import ActionId, CallbackId
from adapters.slack.blocks import (
    DIVIDER,
    actions,
    button,
    context,
    paragraph,
    with_accessory,
    with_confirmation,
)
from adapters.slack.dates import DateStyle, date_mrkdwn
from adapters.slack.escaping import escape, inline, mention
from adapters.slack.labels import situation_label, urgency_label
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.wording import count_of
from domain.knowledge.acceptance import DESKS, HIGH, NOT_HIGH, OURS, SITUATION, got_worse
from domain.knowledge.desk_examples import (
    PAGE_SIZE,
    Comparison,
    DeskExample,
    TaughtExample,
    TaughtView,
    Training,
)
from domain.records.audit import SYSTEM

MAX_PEOPLE = 10
MAX_WORDS_LENGTH = 120

_COMPARED = {
    f"{OURS} {SITUATION}": "Known test posts, what they are about",
    f"{OURS} {HIGH}": "Known test posts, urgent ones found",
    f"{OURS} {NOT_HIGH}": "Known test posts, calm ones left calm",
    f"{DESKS} {SITUATION}": "Your posts, what they are about",
    f"{DESKS} {HIGH}": "Your posts, urgent ones found",
    f"{DESKS} {NOT_HIGH}": "Your posts, calm ones left calm",
}


def render_taught(view: TaughtView) -> View:
    """Render what the desk has taught, with buttons to learn it now and to take it back."""
    blocks = [
        paragraph(_summary(view)),
        *_training(view),
        *_buttons(view),
        *([DIVIDER] if view.newest else []),
        *(_example(taught) for taught in view.newest),
        *_pages(view),
    ]
    return modal("What was taught", CallbackId.TAUGHT, blocks, close="Close", metadata=str(view.skipped))


def _summary(view: TaughtView) -> str:
    if not view.current.count:
        return (
            "*Nothing was taught yet.* Where a card is wrong, choose *Details…* in its ⋯ menu, then *It is about…*. "
            "*Not a request* teaches, too."
        )
    parts = [
        count_of(view.corrections, "correction") if view.corrections else "",
        f"{view.dismissals} × *Not a request*" if view.dismissals else "",
    ]
    people = [f"{mention(person)} ({count})" for person, count in view.by_person[:MAX_PEOPLE]]
    hidden = len(view.by_person) - MAX_PEOPLE
    people += [f"{count_of(hidden, 'other')}"] if hidden > 0 else []
    return f"*Taught:* {' and '.join(filter(None, parts))}, by {', '.join(people)}"


def _training(view: TaughtView) -> list[Block]:
    if not view.can_learn:
        return [
            context("The encoder is off (`triage.encoder`), so this is kept, and nothing is learnt from it.")
        ]
    if view.is_learning:
        return [paragraph("⏳ *Learning…* It takes some seconds.")]
    training = view.training
    if training is None:
        return [context("Nothing was learnt yet. It is learnt each night.")] if view.current.count else []
    lines = [_verdict(training), *(f"• {_comparison(found)}" for found in training.comparisons)]
    is_behind = view.current != training.learnt_from
    later = [context("What has changed since then is learnt at night, or now.")] if is_behind else []
    return [paragraph("\n".join(lines)), *later]


def _verdict(training: Training) -> str:
    when = date_mrkdwn(training.at, DateStyle.DAY_AND_CLOCK)
    by = "" if training.asked_by == SYSTEM else f", asked by {mention(training.asked_by)}"
    if not training.learnt_from.count:
        return f"*Everything was forgotten* {when}{by}"
    learnt = f"from {count_of(training.learnt_from.count, 'example')}"
    if training.accepted:
        return f"✅ *Learnt* {learnt}, {when}{by}"
    return f"⚠️ *Not used:* what was learnt {learnt} reads other posts worse, {when}{by}"


def _comparison(found: Comparison) -> str:
    label = _COMPARED.get(found.name, escape(inline(found.name, 60)))
    worse = " ⚠️" if got_worse(found) else ""
    return f"{label}: {found.before} → *{found.after}* of {found.count}{worse}"


def _buttons(view: TaughtView) -> list[Block]:
    learn = button("Learn now", ActionId.TAUGHT_LEARN, "now", style="primary")
    forget = with_confirmation(
        button("Forget everything", ActionId.TAUGHT_FORGET, "all", style="danger"),
        title="Forget everything?",
        text="All that was taught is deleted, and posts are read as on the first day. Cards stay as they are.",
        confirm="Forget",
    )
    has_news = view.training is None or view.current != view.training.learnt_from
    return actions(
        [
            *([learn] if view.can_learn and view.current.count and has_news and not view.is_learning else []),
            *([forget] if view.current.count or _has_learnt(view.training) else []),
        ]
    )


def _has_learnt(training: Training | None) -> bool:
    return training is not None and training.learnt_from.count > 0


def _example(taught: TaughtExample) -> Block:
    example = taught.example
    words = escape(inline(taught.text, MAX_WORDS_LENGTH)) or "_no words_"
    text = f"{words}\n{_labels(example)} · {mention(example.taught_by)}, {date_mrkdwn(example.at, DateStyle.DAY)}"
    take_back = button("Take back", ActionId.TAUGHT_TAKE_BACK, str(example.id))
    return with_accessory(paragraph(text), take_back)


def _labels(example: DeskExample) -> str:
    """Render what was read, and what a person said: "Question, Normal → *Delivery, High*"."""
    read = f"{situation_label(example.read_situation)}, {urgency_label(example.read_urgency)}"
    if example.situation is None:
        return f"{read} → *Not a request*"
    said = f"{situation_label(example.situation)}, {urgency_label(example.urgency)}"
    said += "" if example.request else ", wants nothing"
    return f"*{said}*, as it was read" if said == read else f"{read} → *{said}*"


def _pages(view: TaughtView) -> Sequence[Block]:
    """Render which examples are shown, with buttons to the newer and to the older ones."""
    if not view.skipped and not view.older:
        return []
    last = view.skipped + len(view.newest)
    newer = button("Newer", ActionId.TAUGHT_NEWER, str(max(view.skipped - PAGE_SIZE, 0)))
    older = button("Older", ActionId.TAUGHT_OLDER, str(last))
    return [
        context(f"{view.skipped + 1} to {last} of {view.current.count}, the newest first"),
        *actions([*([newer] if view.skipped else []), *([older] if view.older else [])]),
    ]
