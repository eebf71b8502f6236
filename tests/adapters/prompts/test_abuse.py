"""Load `prompts/abuse.toml`: ours masks every phrase of it, and mistakes are reported with their place."""

import tomllib
from pathlib import Path

import pytest

from adapters.prompts.abuse import load_abuse
from adapters.prompts.toml_file import PromptFileError
from domain.triage.abuse import MASK
from tests.source import ROOT

SHIPPED = ROOT / "prompts" / "abuse.toml"


def test_ours_masks_every_phrase_of_every_language() -> None:
    words, written = load_abuse(SHIPPED), tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    assert set(written) == {"en", "es", "fr", "de", "pt", "it", "ja", "nl", "tr"}
    for phrase in (phrase for phrases in written.values() for phrase in phrases):
        masked = words.mask(f"x, {phrase}!")
        assert (masked[3], masked[4], masked[-1]) == (phrase[0], MASK, "!"), phrase


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"en = []", "en"),
        (b"en = ['']", "en.0"),
        (b"english = ['x']", "english"),
        (b"en = ['idiot*']", "plain words"),
        (b"en = ['!']", "at least one word"),
        (b"not toml", "="),
    ],
)
def test_mistakes_are_reported(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "abuse.toml"
    file.write_bytes(content)
    with pytest.raises(PromptFileError, match=told):
        load_abuse(file)
