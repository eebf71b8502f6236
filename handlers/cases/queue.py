"""Query the queue for App Home and the slash commands."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.cases.next_step import ListedCase
from domain.cases.search import FoundCase, excerpt, folded, matches, plain, search_word
from domain.cases.views import SATISFACTION_WINDOW, HomeView
from domain.intake.unproven_mails import UnprovenMail
from domain.surge.spending import day_of
from domain.surge.spikes import RETENTION
from handlers.cases.promises import due_promises
from handlers.cases.rota import away_now
from storage.unit_of_work import UnitOfWork

MAX_HOME_ROWS = 20  # per section
MAX_HOME_PROMISES = 5
MAX_ROW_MESSAGES = 20  # newest messages of a case that decide what its row shows
MAX_LISTED = 10
MAX_CANDIDATES = 500  # cases that contain the words, of which those are listed that have them as words
MAX_APART = 200  # newest mails that nobody has decided about, whose texts are looked through
MAX_SEARCH_WORDS = 12  # databases limit the depth of an expression
TAG_PREFIX = "tag:"
DUE_SOON_WITHIN = timedelta(minutes=30)

NOT_ALLOWED = "not_allowed"
#: The filter of somebody who may act on outages alone.
ONLY_OUTAGES = "only_outages"
NOT_ALLOWED_TEXT = "The queue is shown to those who may act on it. Ask to be added to the support team."


def view_home(
    uow: UnitOfWork, *, user_id: str, chosen: str, now: datetime, sees_spikes: bool = False
) -> HomeView:
    """Read one person's App Home.

    `chosen` is the filter. For `NOT_ALLOWED` the view has no case, only the reason; for `ONLY_OUTAGES` it has
    the open outages besides. The open spikes are read for whoever `sees_spikes`.
    """
    since = now - RETENTION
    spikes = [spike for spike in uow.spikes.since(since) if spike.is_open] if sees_spikes else []
    if chosen in {NOT_ALLOWED, ONLY_OUTAGES}:
        sees_outages = chosen == ONLY_OUTAGES
        return HomeView(
            user_id=user_id,
            made_at=now,
            mine=(),
            unclaimed=(),
            due_soon=(),
            waiting=(),
            chosen=chosen,
            problems=(NOT_ALLOWED_TEXT,),
            outages=uow.outages.open()[::-1] if sees_outages else (),
            spikes=spikes,
            only_outages=sees_outages,
            pause=uow.pauses.current() if sees_outages else None,
        )
    mine = uow.cases.claimed_by(user_id, limit=MAX_HOME_ROWS)
    unclaimed = uow.cases.unclaimed(limit=MAX_HOME_ROWS)
    due_soon = uow.cases.due_before(now + DUE_SOON_WITHIN, limit=MAX_HOME_ROWS)
    waiting = uow.cases.waiting_for_customer(limit=MAX_HOME_ROWS)
    listed = list_rows(uow, {case.id: case for case in (*mine, *unclaimed, *due_soon, *waiting)})
    return HomeView(
        user_id=user_id,
        made_at=now,
        mine=[listed[case.id] for case in mine],
        unclaimed=[listed[case.id] for case in unclaimed],
        due_soon=[listed[case.id] for case in due_soon],
        waiting=[listed[case.id] for case in waiting],
        counts=dict(uow.cases.counts()),
        chosen=chosen,
        satisfaction=uow.ratings.satisfaction(since=now - SATISFACTION_WINDOW),
        blur_abuse=uow.preferences.blur_abuse(user_id),
        away_until=away_now(uow, user_id=user_id, now=now),
        spent=uow.spending.of_day(day_of(now)),
        outages=uow.outages.open()[::-1],
        spikes=spikes,
        pause=uow.pauses.current(),
        opens_at=uow.service_levels.hours.opens_at(now),
        promises=[
            (one.promise, one.case) for one in due_promises(uow, holder=user_id, limit=MAX_HOME_PROMISES)
        ],
    )


def list_rows(uow: UnitOfWork, cases: Mapping[int, Case]) -> dict[int, ListedCase]:
    """Load what the rows of these cases show besides the cases themselves, in one query per table."""
    messages = uow.messages.of_cases(cases, limit=MAX_ROW_MESSAGES)
    arrived = uow.handoffs.arrived(cases)
    return {
        case_id: ListedCase(
            case=case,
            messages=messages.get(case_id, ()),
            venue=arrived[case_id].venue if case_id in arrived else None,
            opted_out=case_id in arrived and uow.opt_outs.has(case.network, case.account_id, case.author.id),
        )
        for case_id, case in cases.items()
    }


def list_claimed(uow: UnitOfWork, *, user_id: str) -> list[Case]:
    """List the cases that this person has claimed, most urgent first."""
    return uow.cases.claimed_by(user_id, limit=MAX_LISTED)


def search_cases(uow: UnitOfWork, *, words: str) -> list[FoundCase]:
    """Search cases that have all of the first `MAX_SEARCH_WORDS` words and tags, newest first.

    A word is in the author's name or handle, which it may begin, or in a message, as a whole word (see
    `domain.cases.search`). "tag:billing" is a tag of the case or of its customer. After these come cases
    beside which a mail with all words stands that nobody has decided about.
    """
    parts = words.split()[:MAX_SEARCH_WORDS]
    tags = [part[len(TAG_PREFIX) :] for part in parts if is_tag(part)]
    wanted = [search_word(part) for part in parts if not is_tag(part)]
    bare, tags = [plain(word) for word in wanted], [folded(tag) for tag in tags]
    candidates = uow.case_search.find(bare, limit=MAX_CANDIDATES, tags=tags)
    messages: dict[int, list[Message]] = {}
    for message in uow.messages.with_words([case.id for case in candidates], bare):
        messages.setdefault(message.case_id, []).append(message)
    found = (_found(case, messages.get(case.id, []), wanted) for case in candidates)
    listed = list(islice((case for case in found if case is not None), MAX_LISTED))
    known = {one.case.id for one in listed}
    return [*listed, *(one for one in _found_apart(uow, wanted, tags) if one.case.id not in known)][
        :MAX_LISTED
    ]


def _found_apart(uow: UnitOfWork, wanted: Sequence[str], tags: Sequence[str]) -> list[FoundCase]:
    """Return the cases beside which a mail with all of the words stands that nobody has decided about."""
    mails: dict[int, UnprovenMail] = {}
    for mail in uow.unproven_mails.newest_waiting(limit=MAX_APART) if wanted else ():
        text = folded(mail.text, mail.subject or "", mail.name, mail.address)
        if all(matches(word, text) for word in wanted):
            mails.setdefault(mail.case_id, mail)
    cases = uow.case_search.find((), limit=MAX_LISTED, tags=tags, among=mails) if mails else ()
    return [FoundCase(case, excerpt(wanted, mails[case.id].text), is_unproven=True) for case in cases]


def is_tag(part: str) -> bool:
    """Return whether this part of what is searched for names a tag."""
    return part.lower().startswith(TAG_PREFIX) and len(part) > len(TAG_PREFIX)


def _found(case: Case, messages: Sequence[Message], wanted: Sequence[str]) -> FoundCase | None:
    author = folded(case.author.name, case.author.handle)
    texts = [folded(message.text, message.subject or "") for message in messages]
    for word in wanted:
        if not (matches(f"{plain(word)}*", author) or any(matches(word, text) for text in texts)):
            return None
    shown = next(
        (m for m, text in zip(messages, texts, strict=True) if any(matches(w, text) for w in wanted)), None
    )
    return FoundCase(case, excerpt(wanted, shown.text) if shown is not None else None)
