"""Define the view models of cases: all that a renderer needs, loaded at once, so rendering does no I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from domain.assistance.assistant import CaseSummary, PictureReading, Translation
from domain.cases.case import Case
from domain.cases.files import File
from domain.cases.messages import Delivery, Message
from domain.cases.next_step import ListedCase
from domain.cases.notes import Note
from domain.cases.promises import Promise
from domain.cases.tags import NO_TAGS, Tags
from domain.causes.cause import Cause
from domain.chat.rating import Satisfaction
from domain.delivery.answer_wait import AnswerWait
from domain.delivery.pause import Pause
from domain.handoffs.handoff import Handoff
from domain.intake.unproven_mails import UnprovenMail
from domain.outages.links import CaseLink
from domain.outages.outage import Outage
from domain.records.audit import Entry
from domain.records.legal_hold import LegalHold
from domain.surge.spending import Spent
from domain.surge.spikes import Spike
from domain.trackers.issues import Issue
from domain.triage.drafts import Suggestion


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseView:
    """The data of a case's card.

    `messages` is the newest part of the transcript, oldest first. `contacts` counts the author's cases of the
    last 30 days, this one included. `latest_reply` is our newest message, or one whose unknown outcome a
    person has to decide. `handoff` is the current hand-off, arrived or offered; where there is none, the
    newest that expired or was returned. `offered` is a second hand-off that is offered while `handoff` is
    arrived. `opted_out` is whether the author asked for no direct messages. `writers` are the agents who have
    a form open to write to the customer. `translations` and `readings` of pictures, by message id, and
    `summary` are a model's; cards do without them. `pictures` counts the pictures of messages that can be
    read. `blur_abuse` is whether the reader has abuse blurred, `None` where they made no choice and where
    many read the view; `masked` are the ids of the messages whose text is not shown as it was written.
    `opens_at` is when the office opens next, `None` while it is open; `is_staffed` is whether an agent is
    present all the same; `is_overdue` whether the customer was to be answered by now. `pause` is the pause of
    all sending, where it holds our newest message, and `answer_wait` what else keeps it from being sent.
    `suggestion_due` is the customer's newest message where it was not chosen yet what is suggested for it.
    `outage` is the outage that the case is linked to; `may_belong_to` are proposed links, and `can_link`
    whether any outage is open: both for Details alone. `tags` are those of the case and of its customer,
    `notes` what colleagues wrote: for Details and whoever takes the case over. `hold` is the legal hold,
    `causes` are those that the case belongs to, `has_causes` is whether any can be chosen, `issues` are those
    in trackers that it is linked to: for Details. `promises` are all that our answers made. `unproven` counts
    the mails of which nobody has said whether they are the customer's. `files` are those of messages without
    words, by message id. `agents` are the display names of our agents, to compare the customer's with.
    `unsolved_at` is when the customer, who has written nothing since, pressed that it is not solved.
    """

    case: Case
    messages: Sequence[Message]
    suggestion: Suggestion | None
    contacts: int
    latest_reply: Message | None = None
    handoff: Handoff | None = None
    offered: Handoff | None = None
    opted_out: bool = False
    writers: Sequence[str] = ()
    translations: Mapping[int, Translation] = field(default_factory=dict)
    readings: Mapping[int, PictureReading] = field(default_factory=dict)
    pictures: Mapping[int, int] = field(default_factory=dict)
    summary: CaseSummary | None = None
    blur_abuse: bool | None = None
    masked: frozenset[int] = frozenset()
    opens_at: datetime | None = None
    is_staffed: bool = False
    is_overdue: bool = False
    pause: Pause | None = None
    answer_wait: AnswerWait | None = None
    suggestion_due: Message | None = None
    outage: CaseLink | None = None
    may_belong_to: Sequence[CaseLink] = ()
    can_link: bool = False
    issues: Sequence[Issue] = ()
    tags: Tags = NO_TAGS
    notes: Sequence[Note] = ()
    hold: LegalHold | None = None
    promises: Sequence[Promise] = ()
    unproven: int = 0
    files: Mapping[int, Sequence[File]] = field(default_factory=dict)
    causes: Sequence[Cause] = ()
    has_causes: bool = False
    agents: Sequence[str] = ()
    unsolved_at: datetime | None = None

    @property
    def waiting_behind_doubt(self) -> int:
        """How many of our messages wait until it is settled whether the one before them arrived."""
        doubtful = self.latest_reply
        if doubtful is None or doubtful.delivery is not Delivery.UNSURE:
            return 0
        return sum(
            one.delivery is Delivery.QUEUED and one.venue is doubtful.venue and one.id > doubtful.id
            for one in self.messages
        )


SATISFACTION_WINDOW = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeView:
    """The data of one person's App Home, as it was `made_at` a time.

    `chosen` is the active filter; `satisfaction` covers the last `SATISFACTION_WINDOW`; `blur_abuse` is as in
    `CaseView`, and so is `opens_at`. `spent` is what the networks charged today, `daily_budget` what they may
    each. `has_rota` is whether cases are given out, `away_until` until when the person is given none.
    `promises` are the open promises in the person's cases, the first that is due first.
    `offers_team` is whether the person may see the team's Home, `offers_outage` whether they may open an
    outage. Whoever does not `may_act` on cases is offered nothing to do with them. `spikes` are the open
    ones, for whoever may act on outages; `only_outages` for whoever may act on nothing else.
    """

    user_id: str
    made_at: datetime
    mine: Sequence[ListedCase]
    unclaimed: Sequence[ListedCase]
    due_soon: Sequence[ListedCase]
    waiting: Sequence[ListedCase]
    counts: dict[str, int] = field(default_factory=dict)
    chosen: str = "all"
    satisfaction: Satisfaction | None = None
    problems: Sequence[str] = ()
    blur_abuse: bool | None = None
    spent: Sequence[Spent] = ()
    daily_budget: float = 0.0
    outages: Sequence[Outage] = ()
    spikes: Sequence[Spike] = ()
    only_outages: bool = False
    pause: Pause | None = None
    opens_at: datetime | None = None
    has_rota: bool = False
    offers_team: bool = False
    offers_outage: bool = True
    may_act: bool = True
    away_until: datetime | None = None
    promises: Sequence[tuple[Promise, Case]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadView:
    """The audit entries that a case's thread does not show yet, with the messages that they refer to.

    `unproven` are the unproven mails that they refer to, by id, without the contents of their files.
    """

    case: Case
    entries: Sequence[Entry]
    messages: dict[int, Message]
    files: dict[int, list[File]] = field(default_factory=dict)
    unproven: Mapping[int, UnprovenMail] = field(default_factory=dict)
    handoff: Handoff | None = None


def without_due_times(view: HomeView) -> HomeView:
    """Return App Home without the due times of what is not due before the office opens again."""
    opens_at = view.opens_at

    def hide(rows: Sequence[ListedCase]) -> list[ListedCase]:
        return [
            replace(row, case=replace(row.case, reply_due=None)) if _is_due_after(row.case, opens_at) else row
            for row in rows
        ]

    return replace(
        view,
        mine=hide(view.mine),
        unclaimed=hide(view.unclaimed),
        due_soon=hide(view.due_soon),
        waiting=hide(view.waiting),
    )


def _is_due_after(case: Case, opens_at: datetime | None) -> bool:
    return opens_at is not None and case.reply_due is not None and case.reply_due >= opens_at
