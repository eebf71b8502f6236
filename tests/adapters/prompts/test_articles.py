"""Read help articles: changed files only, bad ones named, nothing from outside of the folder."""

import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompts.articles import MAX_BYTES, ArticleFolder, check_articles
from tests.source import ROOT

#: Aliases of aliases: 9 to the power of 9 texts, in 500 characters.
BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join([f'*{above}'] * 9)}]\n" for above, name in pairwise("abcdefghij")
)
MERGED = "a: &a {x: 1}\n" + "".join(
    f"{name}: &{name} {{<<: [{','.join([f'*{above}'] * 9)}]}}\n" for above, name in pairwise("abcdefghij")
)
GOOD = "---\ntitle: Refunds\nurl: https://help.acme.example/refunds\n---\n\nA refund takes five days.\n"


def write(folder: Path, name: str, text: str | bytes = GOOD) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_articles_are_read_with_title_and_address_also_from_subfolders(tmp_path: Path) -> None:
    write(tmp_path, "refunds.md")
    write(tmp_path, "more/x.md", "---\nurl: https://help.acme.example/x\n---\n# By heading\n\nText\n")
    write(tmp_path, "README.md", "about this folder")
    files = ArticleFolder(tmp_path).read()
    assert [(article.name, article.title) for article in files.articles] == [
        ("more/x.md", "By heading"),
        ("refunds.md", "Refunds"),
    ]
    assert files.articles[1].url == "https://help.acme.example/refunds"
    assert files.articles[1].passages == ("A refund takes five days.",)
    assert files.problems == ()


def test_only_changed_files_are_read_again(tmp_path: Path) -> None:
    path = write(tmp_path, "refunds.md")
    folder = ArticleFolder(tmp_path)
    first = folder.read_changed()
    assert first is not None
    assert folder.read_changed() is None
    os.utime(path, ns=(1, 1))
    path.write_text(GOOD.replace("five", "nine"), encoding="utf-8")
    second = folder.read_changed()
    assert second is not None
    assert second[0].passages == ("A refund takes nine days.",)
    path.unlink()
    assert folder.read_changed() == ()
    assert folder.read_changed() is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff\xfe\x00bad", "is not text in UTF-8"),
        ("just text", "url: Field required"),
        (GOOD.replace("https://", "javascript:"), "must be a web address"),
        ("---\nurl: [\n---\n", "bad.md: while parsing"),
        ("---\nurl: https://help.acme.example/x\n---\ntext", "has no title"),
        ("---\ntitle: X\nurl: https://help.acme.example/x\n---\n", "has no text"),
        ("x" * (MAX_BYTES + 1), "is larger than 200 KB"),
        (f"---\ntitle: X\nurl: https://a.example/{'x' * 500}\n---\ntext", "url: String should have at most"),
        ("---\nurl: " + "[" * 5_000 + "\n---\n", "brackets stand within brackets more than 20 deep"),
        ("---\nurl: " + "[" * MAX_BYTES, "is larger than"),
        ("---\nurl:\n  " + "- " * 5_000 + "\n---\n", "lists stand within lists too deeply"),
        (GOOD.replace("title", f"{BOMB}title"), "an alias (*name) is not read"),
        (GOOD.replace("title", f"{MERGED}title"), "an alias (*name) is not read"),
        (GOOD.replace("title", "a: b\n" * 25_000 + "title"), "its front matter is longer than 100,000"),
    ],
)
def test_a_bad_file_is_named_and_the_others_are_read(tmp_path: Path, text: str | bytes, said: str) -> None:
    write(tmp_path, "good.md")
    write(tmp_path, "bad.md", text)
    files = ArticleFolder(tmp_path).read()
    assert [article.name for article in files.articles] == ["good.md"]
    [problem] = files.problems
    assert problem.startswith("bad.md: ")
    assert said in problem


def test_nothing_is_read_from_outside_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "articles"
    write(tmp_path, "secret.md", GOOD.replace("five days", "my secret"))
    write(tmp_path, "elsewhere/secret.md", GOOD.replace("five days", "my secret"))
    write(inside, "good.md")
    (inside / "link.md").symlink_to(tmp_path / "secret.md")
    (inside / "folder").symlink_to(tmp_path / "elsewhere")
    (inside / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (inside / "folder.md").mkdir()
    os.mkfifo(inside / "pipe.md")
    files = ArticleFolder(inside).read()
    assert [article.name for article in files.articles] == ["good.md"]
    assert "link.md: leads out of the folder" in files.problems
    assert "pipe.md: is not a file" in files.problems
    assert any(problem.startswith("gone.md: ") for problem in files.problems)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    [line, problem] = check_articles(tmp_path / "none")
    assert (line.ok, problem.ok) == (True, False)
    assert "is not a folder" in problem.detail


def test_check_names_what_cannot_be_used(tmp_path: Path) -> None:
    write(tmp_path, "good.md")
    write(tmp_path, "bad.md", "no front matter")
    [line, problem] = check_articles(tmp_path)
    assert line.detail.startswith("1 in ")
    assert "bad.md: url: Field required" in problem.detail


@given(st.binary(max_size=300))
def test_no_file_breaks_the_others(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    folder = tmp_path_factory.mktemp("articles")
    write(folder, "good.md")
    write(folder, "bad.md", b"---\nurl: " + content)
    assert "good.md" in {article.name for article in ArticleFolder(folder).read().articles}


def test_the_articles_of_the_demo_are_good() -> None:
    files = ArticleFolder(ROOT / "sandbox" / "articles").read()
    assert files.problems == ()
    assert len({article.url for article in files.articles}) == len(files.articles) >= 5
