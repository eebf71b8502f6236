"""Mask words in what a view shows of the customer's texts. The view is for display alone from then on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeAlias

from domain.cases.messages import Direction, Message
from domain.cases.next_step import ListedCase
from domain.cases.views import CaseView, HomeView, ThreadView
from domain.records.audit import Entry

Mask: TypeAlias = Callable[[str], str]


def mask_message(message: Message, mask: Mask) -> Message:
    """Mask a customer's message; ours stays as it is."""
    if message.direction is Direction.OUT:
        return message
    return replace(
        message,
        text=mask(message.text),
        subject=mask(message.subject) if message.subject is not None else None,
        original=mask(message.original) if message.original is not None else None,
    )


def mask_case(view: CaseView, mask: Mask) -> CaseView:
    """Mask the customer's messages and their translations."""
    return replace(
        view,
        messages=[mask_message(message, mask) for message in view.messages],
        translations={
            message_id: replace(translation, text=mask(translation.text))
            for message_id, translation in view.translations.items()
        },
    )


def mask_thread(view: ThreadView, mask: Mask) -> ThreadView:
    """Mask the customer's messages, and what they were before an edit."""
    return replace(
        view,
        entries=[_mask_entry(entry, mask) for entry in view.entries],
        messages={number: mask_message(message, mask) for number, message in view.messages.items()},
    )


def mask_home(view: HomeView, mask: Mask) -> HomeView:
    """Mask the first words of each row."""
    return replace(
        view,
        mine=_mask_rows(view.mine, mask),
        unclaimed=_mask_rows(view.unclaimed, mask),
        due_soon=_mask_rows(view.due_soon, mask),
        waiting=_mask_rows(view.waiting, mask),
    )


def _mask_rows(rows: Iterable[ListedCase], mask: Mask) -> list[ListedCase]:
    return [replace(row, messages=[mask_message(message, mask) for message in row.messages]) for row in rows]


def _mask_entry(entry: Entry, mask: Mask) -> Entry:
    detail: Mapping[str, object] = entry.detail
    before = detail.get("before")
    return replace(entry, detail={**detail, "before": mask(before)}) if isinstance(before, str) else entry
