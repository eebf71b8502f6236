"""Try the rules of engagement on a file from the terminal."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot import main


def jsonl(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_answers_that_would_be_sent_are_all_well(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "answers.txt"
    file.write_text("Hi Ana, we are looking into it.\n\nThank you, Ben!\n", encoding="utf-8")
    assert main(["rules", "test", str(file)]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["line 1: sent: Hi Ana, we are looking into it.", "line 3: sent: Thank you, Ben!"]
    assert told[-1].endswith("2 sent, 0 asked, 0 blocked.")


def test_what_would_be_asked_or_blocked_is_told_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = jsonl(
        tmp_path / "answers.jsonl",
        {"text": "Tell us your order number"},
        {"text": "Tell us your order number", "venue": "dm"},
        {"text": "We will refund you 20 €", "situation": "refund"},
        {"text": "Look at acme.shop"},
        {
            "text": "Danke für deine Nachricht, wir sehen uns das Problem mit deinem Paket gern an und schreiben dir.",
            "language": "en",
        },
        {"text": "One two three four five six seven eight nine ten", "saved_reply": "late_parcel"},
        {"text": "x" * 281},
    )
    assert main(["rules", "test", str(file)]) == 1
    told = capsys.readouterr().out
    assert "line 1: blocked: Tell us your order number\n    lacks_handoff (blocks): It asks for" in told
    assert "line 2: sent: " in told
    assert "line 3: asked: We will refund you 20 €\n    promises_money (asks): It promises" in told
    assert "    unknown_link (asks): " in told
    assert "    wrong_language (asks): " in told
    assert "    far_from_saved_reply (asks): " in told
    assert "    too_long (blocks): " in told
    assert "7 answers, rules version " in told
    assert told.rstrip().endswith(": 1 sent, 4 asked, 2 blocked.")


@pytest.mark.parametrize(
    ("name", "content", "named"),
    [
        ("a.jsonl", "{}", "line 1: text"),
        ("a.jsonl", '{"text": "Hi"}\n{"text": 3}', "line 2: text"),
        ("a.jsonl", '\n{"text": "Hi", "venue": "fax"}', "line 2: venue"),
        ("a.jsonl", '{"text": "Hi", "situation": "bills"}', "line 1: situation"),
        ("a.jsonl", '{"text": "Hi", "tone": "kind"}', "line 1: tone"),
        ("a.jsonl", '{"text": "Hi", "saved_reply": "none"}', "line 1: saved_reply: there is no saved reply 'none'"),
        ("a.jsonl", "[1]", "line 1"),
        ("a.jsonl", "[" * 100_000, "line 1"),
        ("a.jsonl", "not json", "line 1: "),
        ("a.txt", "\n \n", "there is no answer in it"),
        ("a.txt", b"\xff\xfe\xff", "a.txt"),
    ],
)  # fmt: skip
def test_bad_input_is_told_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: str | bytes, named: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert main(["rules", "test", str(file)]) == 2
    assert named in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "test", str(tmp_path / "none.txt")]) == 2
    assert "none.txt" in capsys.readouterr().err


def test_help_of_the_brand_is_a_known_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "answers.txt"
    file.write_text("See https://help.acme.example/pay\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    main(["rules", "test", str(file)])
    assert "unknown_link" in capsys.readouterr().out
    (tmp_path / "switchboard.toml").write_text('[brand]\nhelp_url = "https://help.acme.example"\n')
    main(["rules", "test", str(file)])
    assert "unknown_link" not in capsys.readouterr().out
    (tmp_path / "switchboard.toml").write_text("[brand]\nhelp = 3\n")
    assert main(["rules", "test", str(file)]) == 2
    assert "switchboard.toml: brand.help" in capsys.readouterr().err


def test_what_is_answered_in_private_is_asked_about_in_public_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = {"text": "Hi Ana, we have reset it.", "situation": "account_access"}
    file = jsonl(
        tmp_path / "answers.jsonl",
        done,
        {**done, "venue": "dm"},
        {**done, "text": "Hi Ana, please send us a direct message."},
        {**done, "text": "Hi Ana, please send us a direct message.", "venue": "dm"},
        {**done, "text": "Hi Ana, tell us your customer number."},
    )
    main(["rules", "test", str(file)])
    told = capsys.readouterr().out.splitlines()
    kinds = [line.split(" (")[0].strip() if line[0] == " " else line.split(": ")[1] for line in told[:-1]]
    assert kinds == [
        "asked", "belongs_in_private", "sent", "sent", "asked", "already_private", "blocked", "lacks_handoff",
    ]  # fmt: skip
