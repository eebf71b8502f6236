"""Export and import the saved replies: all or nothing, and exactly."""

from pathlib import Path

import pytest

import bot
from adapters.prompts.reply_files import write_reply
from adapters.prompts.toml_file import PromptFileError
from adapters.slack.escaping import mention
from domain.knowledge.saved_replies import ReplyChange, Wording
from handlers.terminal.saved_replies import ReplyFiles
from storage.engine import Store
from storage.schema import migrate
from tests.handlers.made import NOW, a_words
from tests.replies import CHECKER, SHIPPED, a_reply
from tests.source import ROOT

FILES = ReplyFiles([SHIPPED], checker=CHECKER, now=NOW)


def add(store: Store, **changes: object) -> None:
    made = {"change": ReplyChange.EDITED, "by": "U0SAM", "at": NOW}
    with store.unit_of_work() as uow:
        assert uow.saved_replies.add(a_reply(**(made | changes)))


def revision(store: Store) -> int:
    with store.unit_of_work() as uow:
        return uow.saved_replies.revision()


def texts(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_what_is_exported_and_imported_elsewhere_is_exported_the_same(
    tmp_path: Path, sqlite: Store, postgres: Store
) -> None:
    add(sqlite, version=3, title="Edited")
    add(sqlite, name="gone", version=4, change=ReplyChange.RETIRED)
    other = {"title": "Another one", "wordings": (Wording(language="it", text="Vale due anni."),)}
    add(sqlite, name="own", version=2, owner="U0MIA", **other)
    one, two = tmp_path / "one", tmp_path / "two"
    assert FILES.export_to(one, sqlite) == [f"3 replies written to {one}."]
    ReplyFiles([], checker=CHECKER, now=NOW).import_from(one, postgres, preview=False)
    ReplyFiles([], checker=CHECKER, now=NOW).export_to(two, postgres)
    assert texts(one) == texts(two)
    assert "retired: true" in texts(one)["gone.md"]


def test_an_import_says_what_it_changed_and_who_did_it(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"{SHIPPED.name}.md").write_text(write_reply(SHIPPED), encoding="utf-8")
    new = a_reply(name="new", title="New", wordings=a_reply().content.wordings[1:])
    text = write_reply(new).replace("dein Gutschein", "ein Gutschein")
    (tmp_path / "new.md").write_text(text, encoding="utf-8")
    told = ["new: new, version 2", "1 reply to save; unchanged: 1."]
    assert FILES.import_from(tmp_path, store, preview=True) == told
    assert revision(store) == 0
    told[-1] = "1 reply saved; unchanged: 1."
    monkeypatch.setenv("LOGNAME", "mia")
    assert FILES.import_from(tmp_path, store, preview=False) == told
    assert revision(store) == 1
    with store.unit_of_work() as uow:
        [saved] = uow.saved_replies.latest()
    assert mention(saved.by) == "mia (terminal)"


def test_every_bad_file_is_named_and_nothing_is_imported(tmp_path: Path, store: Store) -> None:
    good = write_reply(a_reply(name="good", title="Good"))
    (tmp_path / "good.md").write_text(good, encoding="utf-8")
    (tmp_path / "syntax.md").write_text(good.replace("title: Good", "titel: Good"), encoding="utf-8")
    (tmp_path / "form.md").write_text(good.replace("de informal", "de rude"), encoding="utf-8")
    with pytest.raises(PromptFileError) as refused:
        FILES.import_from(tmp_path, store, preview=False)
    for name in ("syntax.md: title", "syntax.md: titel", "form.md:"):
        assert name in str(refused.value)
    for name in ("syntax.md", "form.md"):
        (tmp_path / name).unlink()
    long = good.replace("title: Good", "title: Long").replace("vouchers are", "vouchers are " + "x" * 300)
    (tmp_path / "long.md").write_text(long.replace("dein", "dieser"), encoding="utf-8")
    (tmp_path / "same.md").write_text(good, encoding="utf-8")
    with pytest.raises(PromptFileError) as refused:
        FILES.import_from(tmp_path, store, preview=False)
    assert "long.md: en, wording 1: Too long for X by " in str(refused.value)
    assert "same.md: title: Another saved reply has this name." in str(refused.value)
    assert "same.md: de, wording 1: “Good” has this text already." in str(refused.value)
    assert revision(store) == 0


def test_the_command_exports_the_shipped_replies_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path}/bot.db"
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.chdir(tmp_path)
    migrate(url)
    assert bot.main(["replies", "export", "out"]) == 0
    shipped = ROOT / "prompts" / "replies"
    assert texts(tmp_path / "out") == texts(shipped)
    assert bot.main(["replies", "import", "out"]) == 0
    count = len(a_words().shipped_replies)
    assert f"0 replies saved; unchanged: {count}." in capsys.readouterr().out
    assert bot.main(["replies", "import", "nowhere"]) == 2
