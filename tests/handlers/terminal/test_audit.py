"""Export the audit trail, and verify it for `check`, also while a bot has the database."""

import json
from pathlib import Path

import pytest
from sqlalchemy import text

import bot
from domain.errors import UnusableFile
from handlers.terminal import audit
from handlers.terminal.audit import check_audit, export_trail
from storage.engine import Store, open_store
from tests.handlers.made import a_stored_case, trail
from tests.storage.test_audit_chain import written


def test_the_trail_is_exported_in_pieces_as_json_lines(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "BATCH", 2)
    case = a_stored_case(store)
    written(store, {"before": "“a”\n"}, {"b": 2})
    file = tmp_path / "audit.jsonl"
    assert export_trail(store, file) == 3
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert [line["position"] for line in lines] == [1, 2, 3]
    [opened, *_] = trail(store, case.id)
    assert lines[0] | {"salt": "", "content_hash": "", "hash": ""} == {
        "position": 1,
        "id": opened.id,
        "at": "2026-11-21T12:00:00.000000+00:00",
        "actor": "system",
        "action": "case_opened",
        "case": case.id,
        "version": opened.version,
        "message": opened.message_id,
        "outage": None,
        "detail": dict(opened.detail),
        "erased_at": None,
        "salt": "",
        "content_hash": "",
        "hash": "",
    }
    assert lines[1]["detail"] == {"before": "“a”\n"}
    with pytest.raises(UnusableFile, match="cannot be written"):
        export_trail(store, tmp_path / "no" / "folder.jsonl")


def test_export_and_check_work_beside_a_bot_and_check_names_the_break(
    fresh_sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text(f"DATABASE_URL={fresh_sqlite}\n", encoding="utf-8")
    with_bot = open_store(fresh_sqlite)
    ids = written(with_bot, {"a": 1}, {"b": 2})
    assert "to be chained: 2" in check_audit(fresh_sqlite).detail
    assert bot.main(["audit", "export", "out.jsonl"]) == 0
    assert capsys.readouterr().out == "2 entries written to out.jsonl.\n"
    newest = json.loads((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()[-1])["hash"]
    line = check_audit(fresh_sqlite)
    assert (line.ok, line.detail) == (True, f"2 entries in the chain, unbroken; its newest hash is {newest}")
    with with_bot.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_updates"))
        connection.execute(text("UPDATE audit SET actor = 'U0SAM' WHERE id = :id"), {"id": ids[1]})
    line = check_audit(fresh_sqlite)
    assert line.ok is False
    assert line.detail.startswith(f"broken at position 2, entry {ids[1]} of 2026-11-21 12:00")
    assert "the entry was changed; sound until 2026-11-21 12:00" in line.detail
    assert line.remedy
    with_bot.close()


def test_an_unready_database_is_told(tmp_path: Path) -> None:
    assert check_audit(f"sqlite:///{tmp_path / 'empty.db'}").ok is None
    assert check_audit(f"sqlite:///{tmp_path / 'no' / 'folder.db'}").ok is None
