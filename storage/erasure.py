"""Erase the content of messages, files and cases; leave the facts: what it was, when, how it was read."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    Text,
    UpdateBase,
    bindparam,
    case,
    cast,
    delete,
    func,
    literal,
    null,
    select,
    update,
)

from domain.cases.messages import Delivery, Direction
from domain.handoffs.handoff import CURRENT, HandoffState
from domain.outages.bulk_answers import RowState, SkipReason
from domain.trackers.issues import Creation
from domain.venues import Venue
from storage.audit_tables import audit_links
from storage.cause_tables import cause_cases
from storage.flood_tables import held_cards
from storage.knowledge_tables import examples, message_vectors, reply_choices
from storage.model_tables import machine_texts
from storage.note_tables import case_notes
from storage.outage_tables import bulk_answer_rows, outage_links
from storage.promise_tables import promises
from storage.surge_tables import message_quotes
from storage.tables import (
    audit,
    cases,
    chat_sessions,
    files,
    handoffs,
    messages,
    open_forms,
    ratings,
    suggestions,
    transcripts,
)
from storage.tracker_tables import cause_issues, issue_links, tracker_issues
from storage.unproven_mail_tables import unproven_files, unproven_mails

_m, _c, _h, _r = messages.c, cases.c, handoffs.c, bulk_answer_rows.c


def _one_of(column: ColumnElement[int]) -> ColumnElement[bool]:
    return column.in_(bindparam("ids", expanding=True))


_now = bindparam("now", type_=_m.deleted_at.type)
_BY_EMAIL = _m.venue == Venue.EMAIL.value
_HANDOFFS = select(_h.id).where(_one_of(_h.case_id))
_says_something = cast(audit.c.detail, Text) != "{}"
_of_cases = (_one_of(audit.c.case_id), _says_something)
_of_messages = (_one_of(audit.c.message_id), _says_something)
_is_waiting = _r.state == RowState.WAITING.value
_FORGET_ENTRIES = {"detail": {}, "erased_at": _now}
_NOT_EXPECTED = case(
    (_h.state.in_([state.value for state in CURRENT]), HandoffState.EXPIRED.value), else_=_h.state
)


def _without_salts(*entries: ColumnElement[bool]) -> UpdateBase:
    ids = select(audit.c.id).where(*entries)
    return update(audit_links).where(audit_links.c.audit_id.in_(ids)).values(salt=None)


#: The words of messages, and what was made of them or quotes them.
_OF_MESSAGES: Mapping[str, UpdateBase] = {
    "messages": update(messages)
    .where(_one_of(_m.id))
    .values(
        text="",
        search_text="",
        subject=None,
        original=None,
        media=null(),
        context=null(),
        url=None,
        error=None,
        deleted_at=func.coalesce(_m.deleted_at, _now),
    ),
    "vectors": delete(message_vectors).where(_one_of(message_vectors.c.message_id)),
    "quotes": delete(message_quotes).where(_one_of(message_quotes.c.message_id)),
    "suggestions": delete(suggestions).where(
        suggestions.c.case_id.in_(select(_m.case_id).where(_one_of(_m.id)))
    ),
    "machine texts": delete(machine_texts).where(
        machine_texts.c.case_id.in_(select(_m.case_id).where(_one_of(_m.id)))
    ),
    "examples": delete(examples).where(_one_of(examples.c.message_id)),
    "vectors of answers": update(reply_choices)
    .where(_one_of(reply_choices.c.message_id), reply_choices.c.vector.is_not(None))
    .values(vector=None),
    "bulk answers": update(bulk_answer_rows).where(_one_of(_r.message_id)).values(text=""),
    "promises": update(promises).where(_one_of(promises.c.message_id)).values(words=""),
    "issues": update(tracker_issues)
    .where(
        tracker_issues.c.creation.in_([Creation.CREATED.value, Creation.FAILED.value]),
        tracker_issues.c.id.in_(
            select(issue_links.c.issue_id)
            .join(messages, _m.case_id == issue_links.c.case_id)
            .where(_one_of(_m.id))
        ),
    )
    .values(title="", text=""),
    "evidence": update(outage_links).where(_one_of(outage_links.c.message_id)).values(evidence=[]),
    "salts": _without_salts(*_of_messages),
    "audit entries": update(audit).where(*_of_messages).values(_FORGET_ENTRIES),
}

_WITHOUT_MAIL_IDS = {
    name: case((_BY_EMAIL, null()), else_=_m[name]) for name in ("external_id", "revision_id", "reply_to_id")
}
_SENDERS = (
    update(messages)
    .where(_one_of(_m.id))
    .values(author_id=bindparam("pseudonym"), author_name="", **_WITHOUT_MAIL_IDS)
)
_OF_FILES = (
    update(files)
    .where(_one_of(files.c.id))
    .values(name="", content=None, source=None, shared_at=func.coalesce(files.c.shared_at, _now))
)

#: Whom cases are about, and what else people wrote or said in them.
_OF_CASES: Mapping[str, UpdateBase] = {
    "cases": update(cases)
    .where(_one_of(_c.id))
    .values(
        author_id=bindparam("pseudonym"),
        author_handle="",
        author_name="",
        author_takes_messages=None,
        conversation_id=case(
            (_c.conversation_id.contains(":"), bindparam("pseudonym")), else_=_c.conversation_id
        ),
        reply_to_id=case((_c.reply_to_id.contains("@"), ""), else_=_c.reply_to_id),
        search_text="",
        routing=null(),
        version=_c.version + 1,
    ),
    "senders": update(messages)
    .where(_one_of(_m.case_id), _m.direction == Direction.IN.value)
    .values(author_id=bindparam("pseudonym"), author_name=""),
    # The ids of posts stay, so that none is read again. Those of mails have the sender's domain in them.
    "mails": update(messages)
    .where(_one_of(_m.case_id), _BY_EMAIL)
    .values(external_id=None, revision_id=None, reply_to_id=None),
    "hand-offs": update(handoffs)
    .where(_one_of(_h.case_id))
    .values(
        address=None,
        nonce=literal("erased:").concat(cast(_h.id, Text)),
        code="",
        verified_reason=None,
        remind_at=None,
        state=_NOT_EXPECTED,
        ended_at=func.coalesce(_h.ended_at, _now),
    ),
    "chat sessions": delete(chat_sessions).where(chat_sessions.c.handoff_id.in_(_HANDOFFS)),
    "ratings": update(ratings).where(_one_of(ratings.c.case_id)).values(comment=""),
    "transcripts": update(transcripts)
    .where(_one_of(transcripts.c.case_id))
    .values(address="", external_id=None, error=None),
    "bulk answers": update(bulk_answer_rows)
    .where(_one_of(_r.case_id))
    .values(
        text="",
        state=case((_is_waiting, RowState.SKIPPED.value), else_=_r.state),
        reason=case((_is_waiting, SkipReason.CLOSED.value), else_=_r.reason),
    ),
    # What was queued for them is not sent any more.
    "answers": update(messages)
    .where(_one_of(_m.case_id), _m.delivery == Delivery.QUEUED.value)
    .values(delivery=Delivery.FAILED.value),
    "promises": update(promises).where(_one_of(promises.c.case_id)).values(words=""),
    # Their words are in it; the tracker has it still, and shows it under its key.
    "issues": update(tracker_issues)
    .where(tracker_issues.c.id.in_(select(issue_links.c.issue_id).where(_one_of(issue_links.c.case_id))))
    .values(
        title="",
        text="",
        # What was queued is not created any more.
        creation=case(
            (tracker_issues.c.creation == Creation.QUEUED.value, Creation.FAILED.value),
            else_=tracker_issues.c.creation,
        ),
    ),
    # One of a cause quotes some of those who wait for it; its title is the cause's name.
    "issues of causes": update(tracker_issues)
    .where(
        tracker_issues.c.id.in_(
            select(cause_issues.c.issue_id)
            .join(cause_cases, cause_cases.c.cause_id == cause_issues.c.cause_id)
            .where(_one_of(cause_cases.c.case_id))
        )
    )
    .values(text=""),
    "unproven files": delete(unproven_files).where(_one_of(unproven_files.c.case_id)),
    "unproven mails": delete(unproven_mails).where(_one_of(unproven_mails.c.case_id)),
    "notes": delete(case_notes).where(_one_of(case_notes.c.case_id)),
    "open forms": delete(open_forms).where(_one_of(open_forms.c.case_id)),
    "held cards": delete(held_cards).where(_one_of(held_cards.c.case_id)),
    "salts": _without_salts(*_of_cases),
    "audit entries": update(audit).where(*_of_cases).values(_FORGET_ENTRIES),
}


_FILES = select(files.c.id).where(_one_of(files.c.message_id), files.c.name != "")
_MESSAGES = select(_m.id, _m.text, _m.created_at).where(_one_of(_m.case_id)).order_by(_m.id)
#: What counts as something of a customer's in the record of an erasure; the rest goes with it.
_COUNTED = ("messages", "cases", "hand-offs")


class Erasure:
    """Erases content in place: the rows stay, with what figures are computed from."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def texts(self, case_ids: Collection[int]) -> dict[int, tuple[str, datetime]]:
        """Return text and time of all messages of these cases, by id."""
        rows = self._connection.execute(_MESSAGES, {"ids": list(case_ids)})
        return {row.id: (row.text, row.created_at) for row in rows}

    def erase_words(self, message_ids: Collection[int], *, now: datetime) -> None:
        """Erase the words of messages, with what was made of them, and what quotes them."""
        self._run(_OF_MESSAGES, message_ids, now=now)

    def erase_files(self, message_ids: Collection[int], *, now: datetime) -> int:
        """Erase the files of messages; return how many there were. Their types and sizes stay."""
        found = list(self._connection.scalars(_FILES, {"ids": list(message_ids)}))
        if found:
            self._connection.execute(_OF_FILES, {"ids": found, "now": now})
        return len(found)

    def erase_people(self, case_ids: Collection[int], *, pseudonym: str, now: datetime) -> dict[str, int]:
        """Erase whom these cases are about, and all that was written beside their messages.

        Returns how many cases and hand-offs there were.
        """
        return self._run(_OF_CASES, case_ids, now=now, pseudonym=pseudonym)

    def erase_senders(self, message_ids: Collection[int], *, pseudonym: str) -> None:
        """Erase who wrote these messages."""
        if message_ids:
            self._connection.execute(_SENDERS, {"ids": list(message_ids), "pseudonym": pseudonym})

    def _run(
        self, statements: Mapping[str, UpdateBase], ids: Collection[int], **values: object
    ) -> dict[str, int]:
        counts: dict[str, int] = {}
        for name, statement in statements.items() if ids else ():
            rows = self._connection.execute(statement, {"ids": list(ids), **values}).rowcount
            if name in _COUNTED:
                counts[name] = rows
        return counts
