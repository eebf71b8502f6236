"""Check the page's texts and looks: complete languages, contrast of colours, a text for every refusal."""

import re
import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.prompts.sentences import load_sentences
from domain.chat.transcript import TranscriptState
from domain.triage.form_of_address import DEFAULT_FORMS
from domain.venues import Venue
from handlers.web.chat import errors
from handlers.web.chat.colours import contrast, stylesheet
from handlers.web.chat.language import choose_language
from handlers.web.chat.messages import safe_file_name
from tests.source import ROOT, committed

SENTENCES = load_sentences(ROOT / "prompts" / "chat", DEFAULT_FORMS)
PAGE = "handlers/web/chat/page/"
REFUSAL_CODES = {
    value for name, value in vars(errors).items() if name.isupper() and isinstance(value, str)
} | set(errors.LINK_CODES.values())


def placeholders(sentence: str) -> set[str]:
    """Return the names of a sentence's placeholders."""
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def page_files() -> str:
    """Return the page's source files."""
    return "\n".join(
        (ROOT / path).read_text(encoding="utf-8") for path in committed() if path.startswith(PAGE)
    )


def test_every_language_has_every_sentence() -> None:
    assert set(SENTENCES) == {"en", "es", "de", "fr", "pt", "it", "ja", "ar"}
    for language, words in SENTENCES.items():
        assert words.keys() == SENTENCES["en"].keys(), language
        assert all(words.values())
        for name, sentence in words.items():
            assert placeholders(sentence) == placeholders(SENTENCES["en"][name]), (language, name)


def test_every_sentence_is_used_and_every_refusal_has_one() -> None:
    source = page_files() + (ROOT / "handlers/web/chat/pages.py").read_text(encoding="utf-8")
    named = set(re.findall(r"""words\.(\w+)|formatText\("(\w+)"|words\["(\w+)"\]""", source))
    used = {one for group in named for one in group if one}
    by_name = {f"venue_{venue}" for venue in Venue if venue is not Venue.CHAT}
    by_name |= {f"refused_{code}" for code in REFUSAL_CODES}
    by_name |= {f"transcript_{state}" for state in TranscriptState} | {f"ended_{venue}" for venue in Venue}
    assert set(SENTENCES["en"]) == used | by_name


def test_the_page_uses_no_html_injection_sinks() -> None:
    source = page_files()
    sinks = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        " style=",
        " onclick=",
    )
    assert [sink for sink in sinks if sink in source] == []
    assert re.findall(r"<script(?![^>]* src=)", source) == []
    assert [url for url in re.findall(r"https?://[\w.]+", source) if "w3.org" not in url] == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "fr"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("xx, ja;q=0.2, es;q=0.7", "es"),
        ("en;q=0, pt-BR;q=0.1", "pt"),
        ("EN-gb , de;Q=0.9", "en"),
        ("de;q=0.5, ja;q=0.5", "de"),
        ("es;q=nonsense, it;q=0.5", "it"),
        ("*;q=0.5", "fr"),
        (",,;;q=,", "fr"),
        ("x" * 10_000, "fr"),
    ],
)
def test_choose_language_by_accept_language(accepted: str, language: str) -> None:
    assert choose_language(accepted, SENTENCES, "fr") == language


def test_an_unavailable_default_language_becomes_english() -> None:
    assert choose_language("", SENTENCES, "nl") == "en"


@settings(max_examples=60)
@given(st.integers(0, 0xFFFFFF))
def test_every_brand_colour_has_enough_contrast(number: int) -> None:
    css = stylesheet(f"#{number:06x}")
    brand, on_brand, light, dark = re.findall(r": (#[0-9a-f]{6});", css)
    assert contrast(brand, on_brand) >= 4.5
    assert contrast(light, "#ffffff") >= 4.5
    assert contrast(light, "#f3f5f6") >= 4.5
    assert min(contrast(dark, "#272e32"), contrast(dark, "#1a1f22")) >= 4.5


def test_contrast_matches_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("shot.png", "shot.png"),
        ("../../etc/passwd", "etcpasswd.png"),
        ("a\u202egnp.exe", "agnp.exe.png"),
        ("<img src=x>.PNG", "img src=x.png"),
        ("", "file.png"),
        ("...", "file.png"),
        (".png", "png.png"),
        ("a" * 500, "a" * 116 + ".png"),
        ("two\r\nlines.png", "twolines.png"),
    ],
)
def test_safe_file_name(given_name: str, safe: str) -> None:
    assert safe_file_name(given_name, "image/png") == safe
