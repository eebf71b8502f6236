"""Mask abusive words in what a view shows of the customer's texts. A masked view is for display alone."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

from domain.cases.messages import Direction, Message
from domain.cases.next_step import ListedCase
from domain.cases.search import FoundCase
from domain.cases.views import CaseView, HomeView, ThreadView
from domain.handoffs.forms import HandoffForm
from domain.intake.unproven_mails import UnprovenMail
from domain.knowledge.desk_examples import TaughtView
from domain.knowledge.reply_figures import QuestionGroup
from domain.records.audit import Entry
from domain.replies.forms import PrivateReplyForm, PublicReplyForm

#: Return a text of equal length, its abusive words masked.
Mask: TypeAlias = Callable[[str], str]
Form = TypeVar("Form", bound=PublicReplyForm | PrivateReplyForm | HandoffForm)


@dataclass(frozen=True, slots=True)
class AbuseBlur:
    """Masks views where that is chosen: by their reader, else, and where many read them, by the desk."""

    mask: Mask
    by_default: bool = False

    def applies(self, choice: bool | None) -> bool:
        """Return whether abuse is blurred for a reader with this choice, `None` if they made none."""
        return self.by_default if choice is None else choice

    def case(self, view: CaseView) -> CaseView:
        """Return the case as its reader sees it."""
        return mask_case(view, self.mask) if self.applies(view.blur_abuse) else view

    def form(self, form: Form) -> Form:
        """Return the form as its reader sees it. The text that is written in it stays."""
        if not self.applies(form.view.blur_abuse):
            return form
        new = [mask_message(message, self.mask) for message in form.new_messages]
        return replace(form, view=mask_case(form.view, self.mask), new_messages=new)

    def thread(self, view: ThreadView) -> ThreadView:
        """Return the thread as the desk sees it."""
        return mask_thread(view, self.mask) if self.by_default else view

    def mail(self, mail: UnprovenMail) -> UnprovenMail:
        """Return an unproven mail as the desk sees it."""
        return _mask_mail(mail, self.mask) if self.by_default else mail

    def home(self, view: HomeView) -> HomeView:
        """Return App Home as its reader sees it; its `blur_abuse` says which."""
        blurs = self.applies(view.blur_abuse)
        return replace(mask_home(view, self.mask) if blurs else view, blur_abuse=blurs)

    def rows(self, rows: Sequence[ListedCase]) -> Sequence[ListedCase]:
        """Return the rows of a list as the desk sees them."""
        return _mask_rows(rows, self.mask) if self.by_default else rows

    def mask_for(self, choice: bool | None) -> Mask:
        """Return the mask of a reader with this choice; one that changes nothing where they see all."""
        return self.mask if self.applies(choice) else str


def mask_message(message: Message, mask: Mask) -> Message:
    """Mask a customer's message; ours stays as it is."""
    if message.direction is Direction.OUT:
        return message
    return replace(
        message,
        text=mask(message.text),
        subject=mask(message.subject) if message.subject is not None else None,
        original=mask(message.original) if message.original is not None else None,
        media=tuple(replace(one, alt_text=mask(one.alt_text)) for one in message.media),
        context=replace(
            message.context,
            references=tuple(
                replace(one, text=mask(one.text), alt_texts=tuple(map(mask, one.alt_texts)))
                for one in message.context.references
            ),
        ),
    )


def mask_case(view: CaseView, mask: Mask) -> CaseView:
    """Mask the customer's messages and their translations."""
    messages = [mask_message(message, mask) for message in view.messages]
    changed = (new.id for old, new in zip(view.messages, messages, strict=True) if new.words != old.words)
    return replace(
        view,
        messages=messages,
        masked=frozenset(changed),
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
        unproven={number: _mask_mail(mail, mask) for number, mail in view.unproven.items()},
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


def mask_found(found: FoundCase, mask: Mask) -> FoundCase:
    """Mask what a search found in a case."""
    excerpt = found.excerpt
    return replace(found, excerpt=replace(excerpt, text=mask(excerpt.text))) if excerpt else found


def mask_taught(view: TaughtView, mask: Mask) -> TaughtView:
    """Mask the messages of the examples."""
    return replace(view, newest=[replace(one, text=mask(one.text)) for one in view.newest])


def mask_questions(group: QuestionGroup, mask: Mask) -> QuestionGroup:
    """Mask what was asked."""
    return replace(group, choices=tuple(replace(one, asked=mask(one.asked)) for one in group.choices))


def _mask_rows(rows: Iterable[ListedCase], mask: Mask) -> list[ListedCase]:
    return [replace(row, messages=[mask_message(message, mask) for message in row.messages]) for row in rows]


def _mask_mail(mail: UnprovenMail, mask: Mask) -> UnprovenMail:
    return replace(
        mail,
        text=mask(mail.text),
        subject=mask(mail.subject) if mail.subject is not None else None,
        original=mask(mail.original) if mail.original is not None else None,
    )


def _mask_entry(entry: Entry, mask: Mask) -> Entry:
    before = entry.detail.get("before")
    return replace(entry, detail={**entry.detail, "before": mask(before)}) if before else entry
