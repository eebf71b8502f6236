"""Find every change of a chained audit trail: which entry, and where the sound part ends."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from domain.records.audit import SYSTEM, Action, Entry
from domain.records.chain import Break, ChainCheck, ChainFault, ChainHead, ChainLink, linked

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

Chain = list[tuple[ChainLink, Entry | None]]


def an_entry(number: int) -> Entry:
    """Build the entry with this id, of a minute of its own."""
    return Entry(
        at=START + number * MINUTE,
        actor=SYSTEM,
        action=Action.CUSTOMER_EDITED,
        case_id=7,
        version=number,
        detail={"before": f"text {number}", "seen": [1, 2.5]},
        id=number,
    )


def a_chain(*, of: int = 5) -> tuple[Chain, ChainHead]:
    """Chain entries in two runs, as a timer does; return them, and the head."""
    salts = map(str, count())
    entries = [an_entry(number) for number in range(1, of + 1)]
    links = list(linked(entries[:2], salts, ChainHead()))
    links += linked(entries[2:], salts, ChainHead(links[-1].position, links[-1].chain_hash))
    return list(zip(links, entries, strict=True)), ChainHead(links[-1].position, links[-1].chain_hash)


def checked(chain: Chain, head: ChainHead) -> ChainCheck:
    """Verify a chain."""
    check = ChainCheck()
    for link, entry in chain:
        if not check.take(link, entry):
            break
    check.end(head)
    return check


def erased(link: ChainLink, entry: Entry | None) -> tuple[ChainLink, Entry | None]:
    """Erase what an entry says, as it is erased in the database."""
    assert entry is not None
    return replace(link, salt=None), replace(entry, detail={}, erased_at=START)


def test_a_chain_is_sound_and_so_is_one_with_erased_entries() -> None:
    chain, head = a_chain()
    assert checked(chain, head).fault is None
    check = checked([erased(*pair) if pair[0].position in {1, 4} else pair for pair in chain], head)
    assert (check.fault, check.erased, check.head) == (None, 2, head)
    assert checked([], ChainHead()).fault is None


def _with_entry(chain: Chain, position: int, change: Callable[[Entry], Entry | None]) -> Chain:
    return [
        (link, change(entry) if link.position == position and entry is not None else entry)
        for link, entry in chain
    ]


AFTER_2 = an_entry(2).at


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"actor": "U0SAM"}, Break(ChainFault.ENTRY_CHANGED, 3, 3, an_entry(3).at, AFTER_2)),
        ({"at": START}, Break(ChainFault.ENTRY_CHANGED, 3, 3, START, AFTER_2)),
        ({"case_id": 8}, Break(ChainFault.ENTRY_CHANGED, 3, 3, an_entry(3).at, AFTER_2)),
        ({"detail": {}}, Break(ChainFault.ENTRY_CHANGED, 3, 3, an_entry(3).at, AFTER_2)),
        ({"detail": {}, "erased_at": START}, Break(ChainFault.ENTRY_CHANGED, 3, 3, an_entry(3).at, AFTER_2)),
    ],
)
def test_a_changed_entry_is_found(change: dict[str, object], found: Break) -> None:
    chain, head = a_chain()
    assert checked(_with_entry(chain, 3, lambda entry: replace(entry, **change)), head).fault == found  # type: ignore[arg-type]


def test_a_missing_entry_or_link_is_found_and_so_is_a_cut_end() -> None:
    chain, head = a_chain()
    gone = checked(_with_entry(chain, 3, lambda _: None), head)
    assert gone.fault == Break(ChainFault.ENTRY_MISSING, 3, 3, after=AFTER_2)
    without = checked([pair for pair in chain if pair[0].position != 3], head)
    assert without.fault == Break(ChainFault.LINK_MISSING, 3, after=AFTER_2)
    cut = checked(chain[:3], head)
    assert cut.fault == Break(ChainFault.CUT_OFF, 4, after=an_entry(3).at)


def test_an_entry_that_is_hashed_anew_breaks_the_chain() -> None:
    chain, head = a_chain()
    forged = [an_entry(1), an_entry(2), replace(an_entry(3), actor="U0SAM")]
    anew = list(linked(forged, map(str, count()), ChainHead()))[-1]
    one_link = [*chain[:2], (anew, forged[-1]), *chain[3:]]
    assert checked(one_link, head).fault == Break(
        ChainFault.LINK_CHANGED, 4, 4, an_entry(4).at, an_entry(3).at
    )
    assert checked([*chain[:2], (anew, forged[-1])], head).fault == Break(
        ChainFault.CUT_OFF, 4, after=an_entry(3).at
    )


def test_content_that_was_put_back_into_an_erased_entry_is_found() -> None:
    chain, head = a_chain()
    link, entry = erased(*chain[2])
    assert entry is not None
    restored = [*chain[:2], (link, replace(entry, detail={"before": "invented"})), *chain[3:]]
    assert checked(restored, head).fault == Break(ChainFault.ENTRY_CHANGED, 3, 3, an_entry(3).at, AFTER_2)
