"""Load page texts from one file or one per language; report mistakes with their place."""

from pathlib import Path

import pytest

from adapters.sentences import SentencesError, load_sentences

GOOD = {"en.toml": 'hello = "Hello"\nbye = "Bye"', "de.toml": 'hello = "Hallo"\nbye = "Tschüss"'}


def a_folder(at: Path, **files: str) -> Path:
    """Write valid files to a folder, some of them changed."""
    for name, text in (GOOD | {f"{language}.toml": text for language, text in files.items()}).items():
        (at / name).write_text(text, encoding="utf-8")
    return at


def test_a_folder_has_a_file_for_each_language(tmp_path: Path) -> None:
    assert load_sentences(a_folder(tmp_path)) == {
        "de": {"hello": "Hallo", "bye": "Tschüss"},
        "en": {"hello": "Hello", "bye": "Bye"},
    }


def test_a_file_has_a_table_for_each_language(tmp_path: Path) -> None:
    at = tmp_path / "words.toml"
    at.write_text('[en]\nhello = "Hello"\n[de]\nhello = "Hallo"', encoding="utf-8")
    assert load_sentences(at) == {"en": {"hello": "Hello"}, "de": {"hello": "Hallo"}}


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"de": 'hello = "Hallo"'}, r"\[de\] has not the same names as \[en\]: bye"),
        ({"de": 'hello = "Hallo"\nbye = " "'}, r"\[de\] has no text for bye"),
        ({"de": 'hello = "Hallo"\nbye = 3'}, r"\[de\] has no text for bye"),
        ({"de": "hello ="}, r"de\.toml: Invalid value \(at"),
        ({"en": ""}, r"\[en\] is missing"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(tmp_path: Path, files: dict[str, str], named: str) -> None:
    with pytest.raises(SentencesError, match=named) as refused:
        load_sentences(a_folder(tmp_path, **files))
    assert str(tmp_path) in str(refused.value)


def test_what_is_not_there_or_not_utf_8_is_named(tmp_path: Path) -> None:
    with pytest.raises(SentencesError, match=r"nowhere\.toml"):
        load_sentences(tmp_path / "nowhere.toml")
    with pytest.raises(SentencesError, match=r"\[en\] is missing"):
        load_sentences(tmp_path)
    (a_folder(tmp_path) / "de.toml").write_bytes(b'hello = "\xff"')
    with pytest.raises(SentencesError, match=r"de\.toml"):
        load_sentences(tmp_path)


def test_a_sentence_outside_of_any_language_is_named(tmp_path: Path) -> None:
    at = tmp_path / "words.toml"
    at.write_text('hello = "Hello"\n[en]\nhello = "Hello"', encoding="utf-8")
    with pytest.raises(SentencesError, match=r"\[hello\] has not the same names as \[en\]: hello"):
        load_sentences(at)
