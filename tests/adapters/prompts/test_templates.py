"""Load templates: text as it is, HTML escaped; mistakes are reported with their place."""

from pathlib import Path

import pytest
from jinja2 import UndefinedError
from jinja2.exceptions import SecurityError

from adapters.prompts.templates import load_template
from adapters.prompts.toml_file import PromptFileError
from tests.source import ROOT


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "shown"), [("a.html", "Hi &lt;b&gt;"), ("a.txt", "Hi <b>")])
def test_html_is_escaped_and_text_is_not(tmp_path: Path, name: str, shown: str) -> None:
    assert load_template(written(tmp_path, name, "Hi {{ who }}")).render(who="<b>") == shown


def test_a_template_runs_in_a_sandbox_and_shows_no_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(SecurityError):
        load_template(written(tmp_path, "a.txt", "{{ who.__class__.mro() }}")).render(who="")
    with pytest.raises(UndefinedError):
        load_template(written(tmp_path, "a.txt", "{{ whom }}")).render(who="")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"<p>\n{% if %}", "line 2: "),
        (b"{{ who | shout }}", "line 1: No filter named 'shout'"),
        (b"\xff", "it is not text in UTF-8"),
        (
            b"{% if proof %}\n{{ proof.told }}{% endif %}",
            "line 2: proof.told: its name is proof.instruction now",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, content: bytes, named: str) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(content)
    with pytest.raises(PromptFileError) as refused:
        load_template(path)
    assert f"{path} cannot be used:\n  {named}" in str(refused.value)
    assert "Correct the file and start again." in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptFileError, match=r"nowhere\.html"):
        load_template(tmp_path / "nowhere.html")


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("ar", "rtl"),
        ("he", "rtl"),
        ("fa-IR", "rtl"),
        ("AR", "rtl"),
        ("en", "ltr"),
        ("ja", "ltr"),
        ("", "ltr"),
    ],
)
def test_a_template_asks_for_the_direction_of_writing(tmp_path: Path, language: str, direction: str) -> None:
    source = '<html dir="{{ language|direction }}">'
    assert load_template(written(tmp_path, "a.html", source)).render(language=language) == source.replace(
        "{{ language|direction }}", direction
    )


def test_every_page_and_mail_says_its_language_and_direction() -> None:
    places = [ROOT / "prompts", ROOT / "handlers" / "web"]
    pages = [path for place in places for path in place.rglob("*.html")]
    assert len(pages) == 8
    for page in pages:
        assert '<html lang="{{ language }}" dir="{{ language|direction }}">' in page.read_text("utf-8"), page
