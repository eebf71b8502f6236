"""Load the glossary, and name every mistake in it."""

from pathlib import Path

import pytest

from adapters.prompts.glossary import load_glossary
from adapters.prompts.toml_file import PromptFileError
from domain.assistance.glossary import TermWording
from tests.source import ROOT


def test_the_shipped_glossary_is_usable() -> None:
    glossary = load_glossary(ROOT / "prompts" / "glossary.toml")
    assert TermWording("order number", "Bestellnummer") in glossary.wordings(
        "Your order number, please", "de"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('keep = [""]', "keep.0"),
        ('[[terms]]\nen = "refund"', "terms.0"),
        ('[[terms]]\nenglish = "refund"\nde = "Erstattung"', "terms.0.english"),
        ('[[terms]]\nen = "a"\nde = "b"\n[[terms]]\nen = "A"\nes = "c"', "“a” (en) is listed twice"),
        ('keep = ["Refund"]\n[[terms]]\nen = "refund"\nde = "b"', "“refund” is in keep, too"),
        ("names = []", "names"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "glossary.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PromptFileError) as caught:
        load_glossary(path)
    assert problem in str(caught.value)
