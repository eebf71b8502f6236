"""Import and export the subscribers of the e-mail list as CSV files."""

import argparse
import contextlib
import csv
import io
import itertools
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from adapters.settings import load_choices, load_database_url
from adapters.settings.choices import Choices
from adapters.slack.wording import count_of
from domain.csv_cells import as_before, inert
from domain.errors import UnusableFile
from domain.handoffs.email_addresses import email_address, typed_address
from domain.outages.subscribers import ENDED, Choice, Subscriber, SubscriberState
from handlers.outages.subscribers import Imported, import_subscribers, list_subscribers
from handlers.terminal.csv_files import records, text_of
from handlers.terminal.operator import operator_name
from handlers.terminal.private_files import open_private
from storage.engine import Store, open_store
from storage.schema import check_at_head

#: Addresses in one transaction.
CHUNK = 1000
#: Broken rows that are printed one by one.
MAX_PROBLEMS = 100
_HEADS = {
    "address": ("address", "email", "e-mail", "mail", "email address", "e-mail address"),
    "language": ("language", "lang", "locale"),
    "components": ("components", "component"),
    "state": ("state",),
}
_WITHOUT_HEADS = ("address", "language", "components")  # in a file whose first row is an address
_EXPORTED = ("address", "language", "components", "state", "source", "added_by", "created_at", "ended_at")
_STATES = {state.value: state for state in SubscriberState}
_SEPARATOR = "|"  # between components within their column


def run_subscribers(arguments: argparse.Namespace, now: datetime) -> list[str]:
    """Run `subscribers export` or `subscribers import`; return the lines to print.

    Raises `SettingsError`, `StoreError`, `UnusableFile`, and `SchemaError` where the database is not at head.
    """
    files = SubscriberFiles.of(load_choices(arguments.folder), now=now)
    url = load_database_url(arguments.folder).get_secret_value()
    with closing(open_store(url, must_exist=True)) as store:
        check_at_head(store)
        if arguments.act == "export":
            return files.export_to(arguments.file, store)
        return files.import_from(
            arguments.file, store, is_confirmed=arguments.confirmed, preview=arguments.preview
        )


@dataclass(frozen=True, slots=True)
class _Row:
    """An address of a file. `state` is set in what `export_to` wrote."""

    address: str
    choice: Choice
    state: SubscriberState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriberFiles:
    """Imports and exports subscribers. `components` are the names in the settings."""

    components: Sequence[str]
    default_language: str
    now: datetime

    @classmethod
    def of(cls, choices: Choices, *, now: datetime) -> "SubscriberFiles":
        """Make it for the settings of `switchboard.toml`."""
        names = [component.name for component in choices.outages.components]
        return cls(components=names, default_language=choices.brand.language, now=now)

    def export_to(self, file: Path, store: Store) -> list[str]:
        """Write all subscribers, those that left too. Raises `UnusableFile`."""
        count = 0
        try:
            with (
                io.TextIOWrapper(open_private(file), encoding="utf-8", newline="") as opened,
                store.unit_of_work() as uow,
            ):
                writer = csv.writer(opened)
                writer.writerow(_EXPORTED)
                for subscriber in list_subscribers(uow):
                    writer.writerow([inert(cell) for cell in _exported(subscriber)])
                    count += 1
        except OSError as error:
            raise UnusableFile(f"{file} cannot be written: {error.strerror}.") from error
        return [f"{count_of(count, 'subscriber', 'subscribers')} written to {file}."]

    def import_from(self, file: Path, store: Store, *, is_confirmed: bool, preview: bool) -> list[str]:
        """Take the good rows of a file, and list the broken ones with their line and why.

        Raises `UnusableFile` where it has no column of addresses.
        """
        problems: list[str] = []
        rows = self._rows(text_of(file), problems.append, is_confirmed=is_confirmed)
        counts = dict.fromkeys(Imported, 0)
        for all_rows in _chunks(rows):
            chunk = [row for row in all_rows if row.state not in ENDED]
            counts[Imported.LEFT] += len(all_rows) - len(chunk)
            for result in self._import(store, chunk, is_confirmed=is_confirmed, preview=preview):
                counts[result] += 1
        lines = problems[:MAX_PROBLEMS]
        if len(problems) > MAX_PROBLEMS:
            lines.append(f"… and {len(problems) - MAX_PROBLEMS} more broken rows.")
        return [*lines, _summary(counts, len(problems), is_confirmed=is_confirmed, preview=preview)]

    def _import(
        self, store: Store, rows: Sequence[_Row], *, is_confirmed: bool, preview: bool
    ) -> list[Imported]:
        results: list[Imported] = []
        with contextlib.suppress(_NothingSaved), store.unit_of_work() as uow:
            results = import_subscribers(
                uow,
                rows=[(row.address, row.choice) for row in rows],
                is_confirmed=is_confirmed,
                by=operator_name(),
                new_nonce=lambda: secrets.token_urlsafe(16),
                now=self.now,
            )
            if preview:
                raise _NothingSaved
        return results

    def _rows(self, text: str, on_problem: Callable[[str], None], *, is_confirmed: bool) -> Iterator[_Row]:
        """Yield the good rows, and tell of each broken one."""
        columns: dict[str, int] | None = None
        seen: dict[str, str] = {}
        for where, cells in records(text, on_problem):
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells)
                if columns is not None:
                    continue
                columns = {name: place for place, name in enumerate(_WITHOUT_HEADS)}
            try:
                row = self._row(cells, columns, seen, is_confirmed=is_confirmed)
            except _Broken as problem:
                on_problem(f"{where}: {problem}")
            else:
                seen[row.address] = where
                yield row

    def _row(
        self,
        cells: Sequence[str],
        columns: Mapping[str, int],
        seen: Mapping[str, str],
        *,
        is_confirmed: bool,
    ) -> _Row:
        values = {
            name: as_before(cells[at].strip()) if at < len(cells) else "" for name, at in columns.items()
        }
        address = _address_in(values["address"])
        if address is None:
            raise _Broken(f"{_shown(values['address'])} is no e-mail address")
        if address in seen:
            raise _Broken(f"{address} is in {seen[address]} already")
        language = values.get("language", "").lower().replace("_", "-").partition("-")[0]
        if language and not re.fullmatch(r"[a-z]{2,3}", language):
            raise _Broken(f"{_shown(values['language'])} is no language; write a code such as de")
        known = {name.casefold(): name for name in self.components}
        wanted = [name.strip() for name in values.get("components", "").split(_SEPARATOR) if name.strip()]
        if unknown := [name for name in wanted if name.casefold() not in known]:
            raise _Broken(f"{_shown(unknown[0])} is none of the components in switchboard.toml")
        components = tuple(dict.fromkeys(known[name.casefold()] for name in wanted))
        state = _STATES.get(values.get("state", "").lower())
        if is_confirmed and state is SubscriberState.PENDING:
            raise _Broken(f"{address} has not confirmed; import it without --confirmed")
        choice = Choice(language=language or self.default_language, components=components)
        return _Row(address, choice, state)


class _Broken(Exception):
    """A row cannot be taken; the text says why."""


class _NothingSaved(Exception):
    """Rolls a preview back."""


def _address_in(cell: str) -> str | None:
    """Return the address in a cell, which may have a name before it as in a mail program."""
    return email_address(cell) or typed_address(cell)


def _columns(cells: Sequence[str]) -> dict[str, int] | None:
    """Return the place of each column by its head; `None` where the first row has addresses already.

    Raises `UnusableFile` where it has neither.
    """
    heads = [cell.strip().strip("\ufeff").casefold() for cell in cells]
    found = {
        name: next(at for at, head in enumerate(heads) if head in known)
        for name, known in _HEADS.items()
        if any(head in known for head in heads)
    }
    if "address" in found:
        return found
    if _address_in(cells[0]) is not None:
        return None
    listed = ", ".join(_shown(cell) for cell in cells[:10])
    raise UnusableFile(
        f"The file has no column “address”. Its first line has: {listed}. "
        "Call the column with the addresses “address” or “email” there."
    )


def _chunks(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    while chunk := list(itertools.islice(rows, CHUNK)):
        yield chunk


def _shown(text: str) -> str:
    """Return a cell as a terminal shows it: short, without control characters."""
    return f"“{''.join(char if char.isprintable() else '?' for char in text[:60])}”"


def _summary(counts: Mapping[Imported, int], broken: int, *, is_confirmed: bool, preview: bool) -> str:
    verb = "would be " if preview else ""
    added = f"{count_of(counts[Imported.ADDED], 'address', 'addresses')} {verb}added"
    if counts[Imported.ADDED] and not is_confirmed:
        added += ", each with a mail that asks to confirm"
    return (
        f"{added}; {verb}changed: {counts[Imported.CHANGED]}; unchanged: {counts[Imported.UNCHANGED]}; "
        f"left the list before, and stay off: {counts[Imported.LEFT]}; broken rows: {broken}."
    )


def _exported(subscriber: Subscriber) -> list[str]:
    choice, ended_at = subscriber.choice, subscriber.ended_at
    return [
        subscriber.address,
        choice.language,
        _SEPARATOR.join(choice.components),
        subscriber.state.value,
        subscriber.source.value,
        subscriber.added_by or "",
        subscriber.created_at.isoformat(timespec="seconds"),
        ended_at.isoformat(timespec="seconds") if ended_at is not None else "",
    ]
