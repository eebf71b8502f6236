"""Export the audit trail, and verify its chain for `bot.py check`."""

import argparse
import json
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from adapters.settings import load_database_url
from adapters.slack.dates import utc_text
from adapters.slack.wording import count_of
from domain.diagnostics import CheckLine
from domain.errors import StaleCase, UnusableFile
from domain.records.audit import Entry
from domain.records.chain import Break, ChainCheck, ChainFault, ChainLink
from handlers.records.chain import chain_entries, verify_chain
from handlers.terminal.private_files import open_private
from storage.diagnostics import read_beside_bot
from storage.engine import Store, open_store
from storage.schema import check_at_head

NAME = "Audit trail"
#: Entries that are read in one transaction.
BATCH = 2_000
REMEDY = "compare with a backup or an export from before; docs/operations.md says what to do"
_FAULTS = {
    ChainFault.LINK_MISSING: "a link is missing",
    ChainFault.LINK_CHANGED: "the link was changed",
    ChainFault.ENTRY_MISSING: "the entry is gone",
    ChainFault.ENTRY_CHANGED: "the entry was changed",
    ChainFault.CUT_OFF: "what follows was cut off",
    ChainFault.NOT_LINKED: "the entry was written by hand",
}


def run_audit(arguments: argparse.Namespace, _now: datetime) -> list[str]:
    """Run `audit export`; return the lines to print. A bot may run meanwhile.

    Raises `SettingsError`, `StoreError`, `UnusableFile`, and `SchemaError` where the database is not at head.
    """
    url = load_database_url(arguments.folder).get_secret_value()
    with closing(open_store(url, beside_bot=True, must_exist=True)) as store:
        check_at_head(store)
        count = export_trail(store, arguments.file)
    return [f"{count_of(count, 'entry', 'entries')} written to {arguments.file}."]


def export_trail(store: Store, file: Path) -> int:
    """Write all entries as JSON Lines, in the order of the chain; return how many. Raises `UnusableFile`."""
    count = 0
    try:
        with open_private(file) as opened:
            for link, entry in _chained(store):
                line = json.dumps(_exported(link, entry), ensure_ascii=False)
                opened.write(f"{line}\n".encode())
                count += 1
    except OSError as error:
        raise UnusableFile(f"{file} cannot be written: {error.strerror}.") from error
    return count


def check_audit(url: str) -> CheckLine:
    """Verify the chain of the audit trail, also beside a bot; returns what it found."""
    found = read_beside_bot(url, verify_chain)
    if found is None:
        return CheckLine(NAME, ok=None, detail="cannot be read: the database is empty, or not ready")
    check, unchained = found
    if check.fault is not None:
        return CheckLine(NAME, ok=False, detail=f"broken {_where(check.fault)}", remedy=REMEDY)
    return CheckLine(NAME, ok=True, detail=_sound(check, unchained))


def _sound(check: ChainCheck, unchained: int) -> str:
    parts = [f"{count_of(check.head.position, 'entry', 'entries')} in the chain, unbroken"]
    if check.erased:
        parts.append(f"details erased: {check.erased:,}")
    if unchained:
        parts.append(f"to be chained: {unchained:,}")
    return f"{'; '.join(parts)}; its newest hash is {check.head.chain_hash}"


def _where(fault: Break) -> str:
    entry = f", entry {fault.audit_id}" if fault.audit_id is not None else ""
    at = f" of {utc_text(fault.at)}" if fault.at is not None else ""
    after = f"; sound until {utc_text(fault.after)}" if fault.after is not None else ""
    return f"at position {fault.position:,}{entry}{at}: {_FAULTS[fault.fault]}{after}"


def _chained(store: Store) -> Iterator[tuple[ChainLink, Entry]]:
    """Yield the chain, after the newest entries were added to it. Raises `UnusableFile` at a gap."""
    _chain_rest(store)
    position = 0
    while True:
        with store.unit_of_work() as uow:
            links = uow.records.chain.links(after=position, limit=BATCH)
        for link, entry in links:
            if entry is None:
                raise UnusableFile(
                    f"Entry {link.audit_id} of the audit trail is gone. Run `python bot.py check`."
                )
            yield link, entry
        if len(links) < BATCH:
            return
        position = links[-1][0].position


def _chain_rest(store: Store) -> None:
    """Chain the newest entries, unless a bot does that at the same moment."""
    chained = True
    while chained:
        try:
            with store.unit_of_work() as uow:
                chained = chain_entries(uow) > 0
        except StaleCase:
            return


def _exported(link: ChainLink, entry: Entry) -> dict[str, object]:
    return {
        "position": link.position,
        "id": entry.id,
        "at": entry.at.isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "action": entry.action.value,
        "case": entry.case_id,
        "version": entry.version,
        "message": entry.message_id,
        "outage": entry.outage_id,
        "detail": dict(entry.detail),
        "erased_at": entry.erased_at.isoformat(timespec="seconds") if entry.erased_at is not None else None,
        "salt": link.salt,
        "content_hash": link.content_hash,
        "hash": link.chain_hash,
    }
