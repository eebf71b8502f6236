"""Store the versions of saved replies, on both databases."""

from datetime import date

from domain.knowledge.saved_replies import ReplyChange, ReplyVersion, Wording
from domain.triage.form_of_address import FormOfAddress
from domain.triage.situations import Reason, Situation
from storage.engine import Store
from tests.replies import a_reply
from tests.storage.made import NOW

FULL = a_reply(
    name="full",
    version=3,
    change=ReplyChange.EDITED,
    by="U0MIA",
    at=NOW,
    situations=frozenset({Situation.REFUND, Situation.OTHER}),
    wordings=(
        Wording(language="pt", text='Olá \\ "você" 🔥\nsegunda linha', form=FormOfAddress.FORMAL),
        Wording(language="en", text="Hi"),
    ),
    reasons=frozenset({Reason.MONEY}),
    usual=True,
    public_only=True,
    owner="U0SAM",
    expires_on=date(2026, 12, 31),
)


def added(store: Store, *versions: ReplyVersion) -> list[bool]:
    with store.unit_of_work() as uow:
        return [uow.saved_replies.add(version) for version in versions]


def test_a_version_is_read_back_as_it_was_stored(store: Store) -> None:
    added(store, FULL)
    with store.unit_of_work() as uow:
        assert uow.saved_replies.latest() == [FULL]


def test_the_newest_version_counts_and_all_are_kept(store: Store) -> None:
    first, second = (a_reply(version=n, change=ReplyChange.EDITED, by="U0MIA", at=NOW) for n in (9, 10))
    assert added(store, first, second, FULL) == [True, True, True]
    with store.unit_of_work() as uow:
        assert uow.saved_replies.latest() == [FULL, second]
        assert uow.saved_replies.versions(first.name, limit=9) == [second, first]
        assert uow.saved_replies.versions(first.name, limit=1) == [second]


def test_a_version_number_is_given_once(store: Store) -> None:
    assert added(store, FULL) == [True]
    assert added(store, FULL) == [False]


def test_the_revision_changes_with_every_version(store: Store) -> None:
    revisions = []
    for version in (1, 2, 2):
        with store.unit_of_work() as uow:
            uow.saved_replies.add(a_reply(version=version, change=ReplyChange.EDITED, by="U0MIA", at=NOW))
            revisions.append(uow.saved_replies.revision())
    assert revisions == [1, 2, 2]


def test_a_reply_is_withdrawn_once_its_newest_version_is_retired_or_has_expired(store: Store) -> None:
    retired = a_reply(name="r", version=1, change=ReplyChange.RETIRED, by="U0MIA", at=NOW)
    added(store, FULL, retired)
    with store.unit_of_work() as uow:
        assert uow.saved_replies.is_withdrawn("r", NOW.date())
        assert not uow.saved_replies.is_withdrawn("full", date(2026, 12, 31))
        assert uow.saved_replies.is_withdrawn("full", date(2027, 1, 1))
        assert not uow.saved_replies.is_withdrawn("shipped", NOW.date())
