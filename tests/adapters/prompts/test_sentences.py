"""Load page texts from one file or one per language; report mistakes with their place."""

from pathlib import Path

import pytest

from adapters.prompts.sentences import load_sentences
from adapters.prompts.toml_file import PromptFileError
from domain.triage.form_of_address import FormOfAddress

FORMAL, INFORMAL = FormOfAddress.FORMAL, FormOfAddress.INFORMAL
GOOD = {"en.toml": 'hello = "Hello"\nbye = "Bye"', "de.toml": 'hello = "Hallo"\nbye = "Tschüss"'}


def a_folder(at: Path, **files: str) -> Path:
    """Write valid files to a folder, some of them changed."""
    for name, text in (GOOD | {f"{language}.toml": text for language, text in files.items()}).items():
        (at / name).write_text(text, encoding="utf-8")
    return at


def test_a_folder_has_a_file_for_each_language(tmp_path: Path) -> None:
    assert load_sentences(a_folder(tmp_path), {}) == {
        "de": {"hello": "Hallo", "bye": "Tschüss"},
        "en": {"hello": "Hello", "bye": "Bye"},
    }


def test_a_file_has_a_table_for_each_language(tmp_path: Path) -> None:
    at = tmp_path / "words.toml"
    at.write_text('[en]\nhello = "Hello"\n[de]\nhello = "Hallo"', encoding="utf-8")
    assert load_sentences(at, {}) == {"en": {"hello": "Hello"}, "de": {"hello": "Hallo"}}


@pytest.mark.parametrize(
    ("files", "named"),
    [
        ({"de": 'hello = "Hallo"'}, "de.toml: bye: missing; every language needs this text"),
        (
            {"de": 'hello = "Hallo"\nbye = "Tschüss"\nold = "x"'},
            "de.toml: old: unknown; there is no text of this name (at line 3)",
        ),
        (
            {"de": 'hello = "Hallo"\nbye = " "'},
            "de.toml: bye: the text is empty; write one",
        ),
        ({"de": 'hello = "Hallo"\nbye = 3'}, "de.toml: bye: Input should be a valid string"),
        ({"de": "hello ="}, "de.toml: Invalid value (at"),
        ({"en": ""}, "en: missing; its texts are shown where a language is missing"),
    ],
)
def test_a_wrong_file_is_named_with_its_place(tmp_path: Path, files: dict[str, str], named: str) -> None:
    with pytest.raises(PromptFileError) as refused:
        load_sentences(a_folder(tmp_path, **files), {})
    assert named in str(refused.value)
    assert str(tmp_path) in str(refused.value)
    assert "Correct the files and start again." in str(refused.value)


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(PromptFileError) as refused:
        load_sentences(a_folder(tmp_path, de='hello = ""\nbye = 3', fr="hello ="), {})
    assert [problem.partition(": ")[0] for problem in refused.value.problems] == [
        "de.toml",
        "de.toml",
        "fr.toml",
    ]
    with pytest.raises(PromptFileError) as refused:
        load_sentences(a_folder(tmp_path, de='old = "x"', fr='hello = "Bonjour"'), {})
    assert len(refused.value.problems) == 4


def test_what_is_not_there_or_not_utf_8_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptFileError, match=r"nowhere\.toml"):
        load_sentences(tmp_path / "nowhere.toml", {})
    with pytest.raises(PromptFileError, match="en: missing"):
        load_sentences(tmp_path, {})
    (a_folder(tmp_path) / "de.toml").write_bytes(b'hello = "\xff"')
    with pytest.raises(PromptFileError, match=r"de\.toml: it is not text in UTF-8"):
        load_sentences(tmp_path, {})


def test_a_sentence_outside_of_any_language_is_named(tmp_path: Path) -> None:
    at = tmp_path / "words.toml"
    at.write_text('hello = "Hello"\n[en]\nhello = "Hello"', encoding="utf-8")
    with pytest.raises(PromptFileError, match="hello: Input should be a valid dictionary"):
        load_sentences(at, {})


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[en]\nhello = "Hello"', ["en.bye: missing; every language needs this text (at line 1)"]),
        (
            '[en]\nhello = "Hello"\nbye = "Bye"\nold = "x"',
            ["en.old: unknown; there is no text of this name (at line 4)"],
        ),
        (
            '[en]\nhello = "Hello"\nbye = "Bye"\n[de]\nhallo = "Hallo"\nbye = "Tschüss"',
            [
                "de.hello: missing; every language needs this text (at line 4)",
                "de.hallo: unknown; there is no text of this name (at line 5)",
            ],
        ),
    ],
)
def test_the_default_language_too_has_the_names_that_are_asked_for(
    tmp_path: Path, text: str, named: list[str]
) -> None:
    at = tmp_path / "words.toml"
    at.write_text(text, encoding="utf-8")
    with pytest.raises(PromptFileError) as refused:
        load_sentences(at, {}, ["hello", "bye"])
    assert list(refused.value.problems) == named
    assert str(at) in str(refused.value)


PLAIN = 'hello = "Hallo du"\nbye = "Tschüss {brand}"\n'
FORMS = '[formal]\nhello = "Guten Tag"\n[informal]\nbye = "Ciao {brand}"\n'


@pytest.mark.parametrize(
    ("forms", "hello", "bye"),
    [
        ({}, "Hallo du", "Tschüss {brand}"),
        ({"fr": FORMAL}, "Hallo du", "Tschüss {brand}"),
        ({"de": FORMAL, "en": FORMAL}, "Guten Tag", "Tschüss {brand}"),
        ({"de": INFORMAL}, "Hallo du", "Ciao {brand}"),
    ],
)
def test_texts_in_the_form_of_address_take_the_place_of_the_others(
    tmp_path: Path, forms: dict[str, FormOfAddress], hello: str, bye: str
) -> None:
    expected = {"en": {"hello": "Hello", "bye": "Bye"}, "de": {"hello": hello, "bye": bye}}
    assert load_sentences(a_folder(tmp_path, de=PLAIN + FORMS), forms) == expected
    at = tmp_path / "words-of-all.txt"
    at.write_text(
        f"[en]\n{GOOD['en.toml']}\n[de]\n{PLAIN}{FORMS.replace('[', '[de.')}",
        encoding="utf-8",
    )
    assert load_sentences(at, forms) == expected


@pytest.mark.parametrize("forms", [{}, {"de": FORMAL}])
@pytest.mark.parametrize(
    ("language", "added", "named"),
    [
        ("de", '[formal]\nold = "x"', "formal.old: unknown; there is no text of this name (at line 4)"),
        ("de", '[formal]\nhello = " "', "formal.hello: the text is empty; write one"),
        ("de", "[informal]\nhello = 3", "informal.hello: Input should be a valid string (at line 4)"),
        (
            "de",
            '[polite]\nhello = "x"',
            "polite: no form of address; a table in a language is called `formal` or `informal` (at line 3)",
        ),
        (
            "de",
            '[formal]\nbye = "Servus {band}"',
            "formal.bye: other placeholders than the text that it takes the place of, which has {brand} (at line 4)",
        ),
        (
            "de",
            '[formal]\nhello = "Hallo {{ name }}"',
            "formal.hello: other placeholders than the text that it takes the place of, which has none (at line 4)",
        ),
        (
            "ja",
            '[formal]\nhello = "x"',
            "formal: unused; a form can be chosen for de, es, fr, it, nl, pt (at line 3)",
        ),
    ],
)
def test_what_is_wrong_in_a_form_of_address_is_named_with_file_and_line(
    tmp_path: Path, language: str, added: str, named: str, forms: dict[str, FormOfAddress]
) -> None:
    with pytest.raises(PromptFileError) as refused:
        load_sentences(a_folder(tmp_path, **{language: PLAIN + added}), forms)
    [problem] = refused.value.problems
    assert problem.startswith(f"{language}.toml: {named}")
    at = tmp_path / "words-of-all.txt"
    at.write_text(
        f"[{language}]\n{PLAIN}{added.replace('[', f'[{language}.')}\n[en]\n{GOOD['en.toml']}",
        encoding="utf-8",
    )
    with pytest.raises(PromptFileError) as refused:
        load_sentences(at, forms)
    [problem] = refused.value.problems
    assert problem.startswith(f"{language}.{named.partition(' (at')[0]}")
