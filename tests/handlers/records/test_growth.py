"""Every table that grows is covered by a retention, or is bounded; a new one has to be said here."""

from datetime import timedelta

from handlers.records.retention import prune_aged
from storage.aged_rows import AGED
from storage.completeness_tables import mention_days, unreadable_posts
from storage.digest_tables import digests
from storage.engine import Store
from storage.flood_tables import spend
from storage.knowledge_tables import trainings
from storage.outage_tables import publications
from storage.subscriber_tables import mailings, notice_mails
from storage.tables import chat_sessions, metadata
from tests.handlers.made import NOW, do
from tests.handlers.records.marked import insert_row

#: By what the age of a row is told.
MOMENTS = {
    chat_sessions: "last_seen_at",
    digests: "booked_at",
    trainings: "at",
    spend: "day",
    mention_days: "day",
    unreadable_posts: "day",
}
OLD = NOW - timedelta(days=500)
#: Rows stay, as figures are computed from them; words, names and files go as `retention` says, on an erasure,
#: and with a post that is deleted. See tests/handlers/records/test_retention.py and test_customers.py.
KEPT_AS_FIGURES = (
    "cases messages audit audit_links files handoffs responses transcripts ratings promises thread_posts "
    "outage_links bulk_answers bulk_answer_rows cause_cases case_tags issue_links"
)
#: Go with the words that they were made of.
GO_WITH_WORDS = (
    "suggestions machine_texts message_vectors message_quotes case_notes unproven_mails unproven_files"
)
#: Have a retention of their own: docs/operations.md, "How long things are kept".
HAVE_THEIR_OWN = "outbox model_calls examples reply_choices"
#: Go once they are over, or are few by what they are: one for each agent, network, flood, and so on.
BOUNDED = (
    "accounts cursors destinations leaderships marks audit_head preferences agents pauses open_forms "
    "held_cards deferred_mails arrival_counts spikes spike_cases floods flood_boards flood_arrivals "
    "handled_requests named_channels"
)
#: Written by people, one at a time, and kept until people take them away.
BY_PEOPLE = (
    "opt_outs customer_tags legal_holds saved_replies dismissed_proposals subscribers outages notices "
    "publications mailings rehearsals causes tracker_issues cause_issues"
)


def test_every_table_is_covered_or_bounded() -> None:
    named = f"{KEPT_AS_FIGURES} {GO_WITH_WORDS} {HAVE_THEIR_OWN} {BOUNDED} {BY_PEOPLE}".split()
    named += [table.name for table in AGED]
    assert len(named) == len(set(named))
    assert set(named) == set(metadata.tables)


def test_what_nobody_needs_goes_after_400_days_and_nothing_else(store: Store) -> None:
    """The newest session of a hand-off, digest of a plan and training stay, however old they are."""
    for table, moment in MOMENTS.items():
        refers: dict[str, int] = {}
        for text, at in (("old", OLD), ("new", NOW)):
            day = f"{at:%Y-%m-%d}"
            given: dict[str, object] = {moment: day if moment == "day" else at}
            more = {"heads": None} if table is trainings else {}
            insert_row(store, table, refers, text=text, **given, **more)
            refers.pop(table.name, None)
    mailing: dict[str, int] = {}
    for text, at in (("gone", OLD), ("kept", NOW)):
        for table in (publications, mailings, notice_mails):
            mailing.pop(table.name, None)
        insert_row(store, publications, mailing, text=text, destination=text)
        insert_row(store, mailings, mailing, text=text, started_at=at, finished_at=at)
        insert_row(store, notice_mails, mailing, text=text, message_id=text, state="sent")
    counts = [list(do(store, prune_aged, before=NOW - timedelta(days=400), limit=9)) for _ in range(2)]
    assert counts == [[1] * len(AGED), [0] * len(AGED)]
