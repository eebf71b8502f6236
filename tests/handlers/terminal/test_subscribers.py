"""Import and export subscribers: broken rows are told with their line, and the good ones taken."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import select

import bot
from domain.errors import UnusableFile
from domain.outages.subscribers import Choice, Source, SubscriberState
from domain.records.audit import Action
from handlers.outages.subscribers import subscribe, unsubscribe
from handlers.terminal.subscribers import SubscriberFiles
from storage.engine import Store
from storage.schema import migrate
from storage.tables import audit
from tests.handlers.made import NOW, do, queued
from tests.handlers.outages.mail_world import state_of, subscribed

FILES = SubscriberFiles(components=["Payments", "Log in"], default_language="en", now=NOW)
GOOD = "address,language,components\nana@example.com,de,payments | Log in\nBen@Example.com,,\n"
BROKEN = """e-mail;lang;components
ana@example.com;de;
not an address;de;
;;

ben@example.com;german;
cem@example.com;tr;Fax
ANA@example.com;en;
dora@example.com
"eve@example.com";de-AT;"Payments|Payments"
\x1b[31mevil;en;
"""
ADDED = "{} added; changed: {}; unchanged: {}; left the list before, and stay off: {}; broken rows: {}."


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "list.csv"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def choices(store: Store) -> dict[str, Choice]:
    with store.unit_of_work() as uow:
        return {one.address: one.choice for one in uow.subscribers.all()}


def audited(store: Store) -> list[tuple[str, object]]:
    """Return who imported what, by the audit trail."""
    query = select(audit.c.actor, audit.c.detail).where(audit.c.action == Action.SUBSCRIBERS_IMPORTED.value)
    with store.engine.connect() as connection:
        return [(actor, detail) for actor, detail in connection.execute(query)]


def imported(store: Store, file: Path, *, preview: bool = False, is_confirmed: bool = True) -> list[str]:
    return FILES.import_from(file, store, is_confirmed=is_confirmed, preview=preview)


def test_good_rows_are_taken_and_a_second_import_changes_nothing(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD)
    assert imported(store, file) == [ADDED.format("2 addresses", 0, 0, 0, 0)]
    both = {
        "ana@example.com": Choice(language="de", components=("Payments", "Log in")),
        "ben@example.com": Choice(language="en"),
    }
    assert choices(store) == both
    assert imported(store, file) == [ADDED.format("0 addresses", 0, 2, 0, 0)]
    assert choices(store) == both
    with store.unit_of_work() as uow:
        stored = uow.subscribers.by_address(both)["ana@example.com"]
    assert (stored.state, stored.source) == (SubscriberState.CONFIRMED, Source.IMPORT)
    assert stored.added_by
    assert audited(store) == [(stored.added_by, {"is_confirmed": True, "added": 2})]
    assert queued(store, "send_confirmation") == []


def test_broken_rows_are_told_with_their_line_and_why(store: Store, tmp_path: Path) -> None:
    assert imported(store, written(tmp_path, BROKEN)) == [
        "line 3: “not an address” is no e-mail address",
        "line 6: “german” is no language; write a code such as de",
        "line 7: “Fax” is none of the components in switchboard.toml",
        "line 8: ana@example.com is in line 2 already",
        "line 11: “?[31mevil” is no e-mail address",
        ADDED.format("3 addresses", 0, 0, 0, 5),
    ]
    assert choices(store) == {
        "ana@example.com": Choice(language="de"),
        "dora@example.com": Choice(language="en"),
        "eve@example.com": Choice(language="de", components=("Payments",)),
    }


@pytest.mark.parametrize(
    "content",
    [
        "address\nmüller@bücher.example\n".encode("utf-8-sig"),
        "Address;Language\r\nx@bücher.example;DE\r\n".encode("cp1252"),
        "address\tlanguage\nx@bücher.example\tde\n".encode("utf-16"),
        "x@bücher.example,de\n".encode(),
        "address\tlanguage\nx@bücher.example\tde\n".encode("utf-16-le"),
        "address\nx@bücher.example\n".encode("utf-16-be"),
        "sep=;\r\naddress;language\r\nx@bücher.example;de\r\n".encode(),
        'email\n"""Ida, Ltd"" <x@bücher.example>"\n'.encode(),
    ],
    ids=["bom", "windows", "utf-16", "no head", "utf-16 le", "utf-16 be", "excel", "named"],
)
def test_files_of_other_programs_are_read(store: Store, tmp_path: Path, content: bytes) -> None:
    imported(store, written(tmp_path, content))
    found = set(choices(store))
    assert found == (set() if b"\xef\xbb\xbf" in content else {"x@xn--bcher-kva.example"})


def test_a_quotation_mark_that_is_not_closed_costs_one_line(store: Store, tmp_path: Path) -> None:
    rows = [f"a{n}@example.com,de" for n in range(30)]
    lines = imported(store, written(tmp_path, "\n".join(["address,language", '"ana@example.com,de', *rows])))
    assert lines == [
        "line 2: “ana@example.com,de” is no e-mail address",
        ADDED.format("30 addresses", 0, 0, 0, 1),
    ]
    two = ['"ana@example.com,de', "ben@example.com", '"eve@example.com,de', "dora@example.com"]
    lines = imported(store, written(tmp_path, "\n".join(["address,language", *two])))
    assert [line.partition(":")[0] for line in lines[:-1]] == ["line 2", "line 4"]
    assert {"ben@example.com", "dora@example.com"} <= choices(store).keys()


def test_a_cell_may_go_over_some_lines(store: Store, tmp_path: Path) -> None:
    content = 'name,address\n"Ana\nRuiz",ana@example.com\n5" pipe,ben@example.com\n"x\ny",not\n'
    lines = imported(store, written(tmp_path, content))
    assert lines == [
        "lines 5 to 6: “not” is no e-mail address",
        ADDED.format("2 addresses", 0, 0, 0, 1),
    ]


def test_a_dry_run_says_the_same_and_changes_nothing(store: Store, tmp_path: Path) -> None:
    lines = imported(store, written(tmp_path, BROKEN), preview=True)
    assert lines[-1].startswith("3 addresses would be added; would be changed: 0")
    assert choices(store) == {}


def test_without_consent_each_is_asked_first(store: Store, tmp_path: Path) -> None:
    lines = imported(store, written(tmp_path, GOOD), is_confirmed=False)
    assert lines[0].startswith("2 addresses added, each with a mail that asks to confirm")
    assert state_of(store, "ana@example.com") is SubscriberState.PENDING
    assert len(queued(store, "send_confirmation")) == 2
    imported(store, written(tmp_path, GOOD), is_confirmed=False)
    assert len(queued(store, "send_confirmation")) == 2
    assert imported(store, written(tmp_path, GOOD)) == [ADDED.format("0 addresses", 2, 0, 0, 0)]
    assert state_of(store, "ana@example.com") is SubscriberState.CONFIRMED


def test_who_left_is_not_brought_back(store: Store, tmp_path: Path) -> None:
    [ana] = subscribed(store, "ana")
    do(store, unsubscribe, subscriber_id=ana, now=NOW)
    assert imported(store, written(tmp_path, GOOD)) == [ADDED.format("1 address", 0, 0, 1, 0)]
    assert state_of(store, "ana@example.com") is SubscriberState.UNSUBSCRIBED


def test_thousands_are_taken_and_their_problems_cut_short(sqlite: Store, tmp_path: Path) -> None:
    rows = [f"a{n}@example.com" for n in range(2500)] + ["x"] * 150
    lines = imported(sqlite, written(tmp_path, "address\n" + "\n".join(rows)))
    assert lines[-2:] == ["… and 50 more broken rows.", ADDED.format("2,500 addresses", 0, 0, 0, 150)]
    assert len(choices(sqlite)) == 2500


@pytest.mark.parametrize("content", ["name,phone\nAna,1\n", "\x00\x01\x02"])
def test_a_file_without_addresses_is_refused(sqlite: Store, tmp_path: Path, content: str) -> None:
    with pytest.raises(UnusableFile, match=r"no column .*Call the column"):
        imported(sqlite, written(tmp_path, content))
    with pytest.raises(UnusableFile, match="cannot be read"):
        imported(sqlite, tmp_path / "none.csv")


def test_an_empty_file_adds_nobody(sqlite: Store, tmp_path: Path) -> None:
    assert imported(sqlite, written(tmp_path, "")) == [ADDED.format("0 addresses", 0, 0, 0, 0)]


def test_what_is_exported_can_be_imported(sqlite: Store, postgres: Store, tmp_path: Path) -> None:
    subscribed(sqlite, "ana", "ben", components=["Payments", "Log in"], language="de")
    file = tmp_path / "out.csv"
    assert FILES.export_to(file, sqlite) == [f"2 subscribers written to {file}."]
    with file.open(encoding="utf-8", newline="") as opened:
        [first, _] = csv.DictReader(opened)
    assert first["components"] == "Payments|Log in"
    assert first["state"] == "confirmed"
    imported(postgres, file)
    assert choices(postgres) == choices(sqlite)


FORMULAS = ("=1+1@x.example", "+ana@x.example", "-ana@x.example", "'=1+1@x.example", "o'hara@x.example")


def test_no_address_of_an_export_is_a_formula_and_each_comes_back_as_it_was(
    sqlite: Store, postgres: Store, tmp_path: Path
) -> None:
    """Anybody may enter such an address on the page (OWASP, CSV injection)."""
    imported(
        sqlite, written(tmp_path, "address\n" + "\n".join(["zoe@x.example", *FORMULAS[:3], FORMULAS[4]]))
    )
    do(sqlite, subscribe, address=FORMULAS[3], choice=Choice(language="en"), nonce="n", now=NOW)
    file = tmp_path / "out.csv"
    FILES.export_to(file, sqlite)
    with file.open(encoding="utf-8", newline="") as opened:
        cells = [cell for row in csv.reader(opened) for cell in row]
    assert [cell for cell in cells if cell.lstrip("'") != cell] == [f"'{one}" for one in FORMULAS[:4]]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    imported(postgres, file, is_confirmed=False)
    assert set(choices(postgres)) == {"zoe@x.example", *FORMULAS}


def test_only_its_owner_may_read_an_export(sqlite: Store, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.touch(0o644)
    FILES.export_to(file, sqlite)
    assert file.stat().st_mode & 0o777 == 0o600


def test_whoever_left_is_not_brought_back_by_an_export(
    sqlite: Store, postgres: Store, tmp_path: Path
) -> None:
    [ana, _, _] = subscribed(sqlite, "ana", "ben", "cem")
    do(sqlite, unsubscribe, subscriber_id=ana, now=NOW)
    file = tmp_path / "out.csv"
    FILES.export_to(file, sqlite)
    file.write_text(file.read_text().replace("confirmed", "pending", 1))
    told = imported(postgres, file)
    assert told == [
        "line 3: ben@example.com has not confirmed; import it without --confirmed",
        ADDED.format("1 address", 0, 0, 1, 1),
    ]
    assert set(choices(postgres)) == {"cem@example.com"}
    imported(postgres, file, is_confirmed=False)
    assert state_of(postgres, "ben@example.com") is SubscriberState.PENDING
    assert "ana@example.com" not in choices(postgres)


def test_a_column_of_states_of_a_country_is_none_of_ours(store: Store, tmp_path: Path) -> None:
    file = written(tmp_path, "address,state\nana@example.com,California\n")
    assert imported(store, file) == [ADDED.format("1 address", 0, 0, 0, 0)]


def test_it_is_a_command(
    empty_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(empty_url)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    monkeypatch.chdir(tmp_path)
    toml = '[[outages.components]]\nname = "Payments"\n[[outages.components]]\nname = "Log in"\n'
    (tmp_path / "switchboard.toml").write_text(toml, encoding="utf-8")
    file = written(tmp_path, GOOD)
    assert bot.main(["subscribers", "import", str(file), "--confirmed"]) == 0
    assert "2 addresses added" in capsys.readouterr().out
    assert bot.main(["subscribers", "export", str(tmp_path / "out.csv")]) == 0
    assert "2 subscribers written" in capsys.readouterr().out
    assert bot.main(["subscribers", "import", str(tmp_path / "none.csv")]) == 2
