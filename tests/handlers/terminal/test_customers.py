"""Ask before erasing a customer, and say what was found, refused or done."""

import argparse
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from domain.errors import UnusableFile
from domain.handoffs.handoff import Proof
from domain.records.legal_hold import LegalHold
from domain.venues import Venue
from handlers.terminal.customers import run_customer
from storage import sqlite
from storage.engine import Store, open_store
from tests.handlers.made import ANA, BEN, NOW, SAM, a_stored_case, messages
from tests.storage.made import a_file, a_handoff, an_unproven_mail


@pytest.fixture
def beside(fresh_sqlite: str, tmp_path: Path) -> Any:  # noqa: ANN401 - an open store
    """A store that a bot has open, with one case of Ana's."""
    (tmp_path / ".env").write_text(f"DATABASE_URL={fresh_sqlite}\n", encoding="utf-8")
    store = open_store(fresh_sqlite)
    a_stored_case(store, "@acme my zebra never came")
    yield store
    store.close()


def run(
    folder: Path, act: str, name: str = f"x:{ANA.handle}", *, file: Path | None = None, says: str = ""
) -> str:
    """Run the command; `says` answers the question."""
    options = argparse.Namespace(folder=folder, act=act, name=name, file=file, yes=not says)
    return "\n".join(run_customer(options, NOW, ask=lambda _: says))


def test_it_asks_and_erases_only_at_the_right_word(beside: Store, tmp_path: Path) -> None:
    asked: list[str] = []

    def ask(text: str) -> str:
        asked.append(text)
        return "y"

    options = argparse.Namespace(folder=tmp_path, act="erase", name=f"x:{ANA.handle}", file=None, yes=False)
    assert run_customer(options, NOW, ask=ask) == ["Nothing was erased."]
    assert asked == [
        "1 case (1)\nKnown as: Ana Ruiz, anaruiz\nOn the e-mail list: no\nErase all of it, for good? Type erase: "
    ]
    assert messages(beside, 1)[0].text
    assert run(tmp_path, "erase", says=" ERASE ").startswith("Erased: messages 1, files 0, cases 1")
    assert messages(beside, 1)[0].text == ""
    assert run(tmp_path, "erase") == f"Nothing is stored of x:{ANA.handle}."


def test_who_may_be_the_same_person_is_named_and_neither_erased_nor_exported(
    beside: Store, tmp_path: Path
) -> None:
    """An address with a tag, an address that was not verified, and who gave it; other people are not."""
    other = a_stored_case(beside, "@acme where is my yak", author=BEN)
    with beside.unit_of_work() as uow:
        address: dict[str, Any] = {"venue": Venue.EMAIL, "address": "Ana@Example.com", "code": "1"}
        uow.handoffs.add(a_handoff(1, "n1", **address, proof=Proof.CODE))
        uow.handoffs.add(a_handoff(1, "n2", **address | {"address": "ana@home.example"}))
        uow.handoffs.add(a_handoff(1, "n4", address="chat.7"))  # the id of a chat
        given = uow.handoffs.add(a_handoff(other.id, "n3", **address | {"address": "ana@example.com"}))
        for number, apart in enumerate(("ana+shop@example.com", "anabel@example.com")):
            mail = an_unproven_mail(other.id, given.id)
            uow.unproven_mails.add(replace(mail, address=apart, external_id=f"{number}@example.com"))
    named = "ana+shop@example.com (the same mailbox, written otherwise); ana@home.example, x:ben"
    told = run(tmp_path, "export", "ANA@example.com", file=tmp_path / "customer.zip")
    assert named in told
    assert "anabel" not in told
    assert "chat.7" not in told
    unknown = run(tmp_path, "erase", "ana+x@example.com")
    assert unknown.startswith("Nothing is stored of ana+x@example.com.")
    assert "ana+shop@example.com, ana@example.com (the same mailbox" in unknown
    assert named in run(tmp_path, "erase", "email:ana@example.com")
    assert messages(beside, 1)[0].text == ""


def test_a_hold_is_told_with_its_reason(beside: Store, tmp_path: Path) -> None:
    with beside.unit_of_work() as uow:
        uow.records.holds.put(LegalHold(case_id=1, reason="court\x1b order", placed_by=SAM, placed_at=NOW))
    with pytest.raises(UnusableFile, match=r"legal hold\. case 1: court\? order \(U0SAM, 2026-11-21"):
        run(tmp_path, "erase")
    assert messages(beside, 1)[0].text


@pytest.mark.parametrize(
    ("act", "name", "told"),
    [
        ("erase", "anaruiz", "names no customer"),
        ("export", f"x:{ANA.handle}", "Say which file"),
    ],
)
@pytest.mark.usefixtures("beside")
def test_what_is_missing_is_told(tmp_path: Path, act: str, name: str, told: str) -> None:
    with pytest.raises(UnusableFile, match=told):
        run(tmp_path, act, name)


@pytest.mark.usefixtures("beside")
def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile, match="cannot be written"):
        run(tmp_path, "export", file=tmp_path / "no" / "a.zip")


@pytest.mark.usefixtures("beside")
def test_only_its_owner_may_read_an_export(tmp_path: Path) -> None:
    new, known = tmp_path / "new.zip", tmp_path / "known.zip"
    known.touch(0o644)
    for file in (new, known):
        run(tmp_path, "export", file=file)
        assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(new) as archive:
        assert "zebra" in archive.read("data.json").decode()


def test_no_byte_of_the_files_of_the_database_has_what_was_erased(
    beside: Store, fresh_sqlite: str, tmp_path: Path
) -> None:
    """A word, a text of several pages and a file: pages that become free as a whole are overwritten, too."""
    long_text = "@acme " + "my walrus never came. " * 900
    with beside.unit_of_work() as uow:
        message = uow.messages.of_case(1)[0]
        uow.files.add_many([a_file(1, message.id, content=b"narwhal " * 4000)])
    a_stored_case(beside, long_text, now=NOW + timedelta(days=30))
    database = Path(str(make_url(fresh_sqlite).database))
    held = [database, Path(f"{database}-wal")]
    for word in (b"zebra", b"walrus", b"narwhal"):
        assert any(word in file.read_bytes() for file in held), word
    assert "-wal" not in run(tmp_path, "erase", says="erase")
    for word in (b"zebra", b"walrus", b"narwhal", ANA.handle.encode()):
        assert not any(word in file.read_bytes() for file in held), word


def test_where_the_log_cannot_be_emptied_that_is_told(
    beside: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_LOG_TRIES", 2)
    with beside.unit_of_work_to_read() as reading:
        assert reading.messages.of_case(1)  # a reader keeps the log as it was when it began
        assert "log beside the database, the file that ends in -wal, still has" in run(tmp_path, "erase")


@pytest.mark.parametrize("act", ["export", "erase"])
def test_a_network_that_there_is_none_of_is_not_called_empty(beside: Store, tmp_path: Path, act: str) -> None:
    with pytest.raises(UnusableFile, match="There is no network “twitter”, so nothing was looked for there"):
        run(tmp_path, act, f"twitter:{ANA.handle}", file=tmp_path / "a.zip")


@pytest.mark.parametrize("error", [EOFError, RuntimeError])
def test_where_nobody_can_be_asked_nothing_is_erased(
    beside: Store, tmp_path: Path, error: type[Exception]
) -> None:
    def ask(_: str) -> str:
        raise error

    options = argparse.Namespace(folder=tmp_path, act="erase", name=f"x:{ANA.handle}", file=None, yes=False)
    with pytest.raises(UnusableFile, match="Nothing was erased: nobody answered"):
        run_customer(options, NOW, ask=ask)
    assert messages(beside, 1)[0].text
