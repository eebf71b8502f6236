"""Export and erase what is stored of one customer."""

import argparse
import base64
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

from adapters.networks.registry import NETWORKS
from adapters.settings import load_database_url
from adapters.slack.dates import utc_text
from adapters.slack.wording import count_of
from domain.errors import StaleCase, UnusableFile
from domain.records.erasure import Customer, CustomerName, SimilarCustomers, customer_name
from handlers.records.customers import (
    AnswersUnderWay,
    CustomerHeld,
    customer_rows,
    erase_customer,
    find_customer,
    find_similar_customers,
)
from handlers.terminal.operator import operator_name
from handlers.terminal.private_files import open_private
from storage.engine import Store, open_store
from storage.schema import check_at_head

_MAX_LISTED_CASES = 20
NO_NAME = "“{0}” names no customer. Write the network and the handle or id, as x:anaruiz or x:77, or an e-mail address."
NO_FILE = "Say which file to write: customer export {0} customer.zip."
NOT_FOUND = "Nothing is stored of {0}."
NO_NETWORK = "There is no network “{0}”, so nothing was looked for there. Write one of: {1}."
NOBODY_ANSWERS = (
    "\nNothing was erased: nobody answered. Run it in a terminal, or with --yes, which does not ask."
)
UNDER_WAY = (
    "Nothing was erased: something is being sent to this customer, or it is not sure whether it was. "
    "Settle that on the card, or try again in a minute."
)
LEFT_IN_LOG = (
    "SQLite's log beside the database, the file that ends in -wal, still has the words, as somebody reads the "
    "database; it is emptied when the bot is restarted. "
)
NOT_WITH_THEM = (
    "Maybe the same person, and not part of this: {0}. If so, run the command for each of them, too."
)
_SAME_MAILBOX = "the same mailbox, written otherwise"
_UNVERIFIED = "an address was given, and not verified"
BUSY = "Nothing was erased: these cases were changed at the same moment. Try again."


def run_customer(
    arguments: argparse.Namespace, now: datetime, *, ask: Callable[[str], str] = input
) -> list[str]:
    """Run `customer export` or `customer erase`; return the lines to print. A bot may run meanwhile.

    Raises `SettingsError`, `StoreError`, `UnusableFile`, and `SchemaError` where the database is not at head.
    """
    name = customer_name(arguments.name)
    if name is None:
        raise UnusableFile(NO_NAME.format(arguments.name))
    url = load_database_url(arguments.folder).get_secret_value()
    with closing(open_store(url, beside_bot=True, must_exist=True)) as store:
        check_at_head(store)
        with store.unit_of_work() as uow:
            customer = find_customer(uow, name=name)
            similar = _similar(find_similar_customers(uow, name=name, customer=customer))
        if not customer.is_known:
            _require_known_network(name)
            return [NOT_FOUND.format(arguments.name), *similar]
        if arguments.act == "export":
            if arguments.file is None:
                raise UnusableFile(NO_FILE.format(arguments.name))
            return [*export_customer(store, customer, arguments.file), *similar]
        lines = [*_about(customer), *similar]
        if not arguments.yes:
            question = "\n".join([*lines, "Erase all of it, for good? Type erase: "])
            if _answer(ask, question) != "erase":
                return ["Nothing was erased."]
            lines = []
        return [*lines, _erase(store, name, now)]


def _require_known_network(name: CustomerName) -> None:
    """Raise `UnusableFile` for an unknown network: “nothing is stored” would be taken for an answer."""
    if name.network and name.network not in NETWORKS:
        raise UnusableFile(NO_NETWORK.format(name.network, ", ".join(NETWORKS)))


def _answer(ask: Callable[[str], str], question: str) -> str:
    """Ask, and return what was typed. Raises `UnusableFile` where there is nobody to ask."""
    try:
        return ask(question).strip().lower()
    except (EOFError, RuntimeError):  # standard input has ended, or was closed
        raise UnusableFile(NOBODY_ANSWERS) from None


def export_customer(store: Store, customer: Customer, file: Path) -> list[str]:
    """Write everything that is stored of a customer to a zip file. Raises `UnusableFile`.

    Its `data.json` has the rows of each table, and `files/` what was attached, by the ids of the files.
    """
    data: dict[str, list[dict[str, object]]] = {}
    with store.unit_of_work() as uow:
        for table, row in customer_rows(uow, customer=customer):
            data.setdefault(table, []).append(row)
    try:
        with open_private(file) as opened, zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED) as archive:
            text = json.dumps(data, ensure_ascii=False, indent=1, default=_plain)
            archive.writestr("data.json", text)
            for row in data.get("files", ()):
                _add_file(archive, store, int(str(row["id"])))
    except OSError as error:
        raise UnusableFile(f"{file} cannot be written: {error.strerror}.") from error
    counts = Counter({table: len(rows) for table, rows in data.items()})
    held = ", ".join(f"{table} {count}" for table, count in sorted(counts.items()))
    return [f"Written to {file}: {held}."]


def _add_file(archive: zipfile.ZipFile, store: Store, file_id: int) -> None:
    """Add what was attached, in a transaction for each file; nothing where its content is gone."""
    with store.unit_of_work() as uow:
        content = uow.files.get(file_id).content
    if content is not None:
        archive.writestr(f"files/{file_id}", content)


def _about(customer: Customer) -> list[str]:
    more = " …" if len(customer.cases) > _MAX_LISTED_CASES else ""
    ids = ", ".join(map(str, customer.cases[:_MAX_LISTED_CASES])) + more
    names = ", ".join(_shown(name) for name in customer.names)
    return [
        f"{count_of(len(customer.cases), 'case')} ({ids})" if customer.cases else "No case",
        f"Known as: {names or 'nothing'}",
        f"On the e-mail list: {'yes' if customer.subscribers else 'no'}",
    ]


def _similar(found: SimilarCustomers) -> list[str]:
    """Say who may be the same person: a request is of a person, and what is found goes by exact names."""
    parts = [
        f"{', '.join(_shown(name) for name in names)} ({why})"
        for names, why in ((found.same_mailbox, _SAME_MAILBOX), (found.unverified, _UNVERIFIED))
        if names
    ]
    return [NOT_WITH_THEM.format("; ".join(parts))] if parts else []


def _erase(store: Store, name: CustomerName, now: datetime) -> str:
    try:
        with store.unit_of_work() as uow:
            counts = erase_customer(uow, name=name, by=operator_name(), now=now)
    except CustomerHeld as refused:
        holds = "; ".join(
            f"case {hold.case_id}: {_shown(hold.reason)} ({hold.placed_by}, {utc_text(hold.placed_at)})"
            for hold in refused.holds
        )
        raise UnusableFile(f"Nothing was erased: there is a legal hold. {holds}") from None
    except AnswersUnderWay:
        raise UnusableFile(UNDER_WAY) from None
    except StaleCase:
        raise UnusableFile(BUSY) from None
    done = ", ".join(f"{what} {count}" for what, count in counts.items())
    left = "" if store.empty_log() else LEFT_IN_LOG
    return f"Erased: {done}. A running bot now redraws cards and deletes files in Slack. {left}Backups keep what they held."


def _shown(text: str) -> str:
    """Return a name as a terminal shows it, without control characters."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _plain(value: object) -> str:
    match value:
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            raise TypeError(f"{type(value).__name__} cannot be exported")
