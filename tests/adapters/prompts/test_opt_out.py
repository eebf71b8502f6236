"""Load `prompts/opt_out.toml`: the shipped one is valid, and mistakes are reported with their place."""

import tomllib
from pathlib import Path

import pytest

from adapters.prompts.opt_out import load_opt_out
from adapters.prompts.toml_file import PromptFileError
from domain.handoffs.opt_out import OptOutRequest
from tests.source import ROOT

SHIPPED = ROOT / "prompts" / "opt_out.toml"


def test_ours_speaks_seven_languages_and_every_phrase_of_it_is_understood() -> None:
    words, written = load_opt_out(SHIPPED), tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    for wish in OptOutRequest:
        assert set(written[wish.value]) >= {"en", "es", "fr", "de", "pt", "it", "ja"}
        for phrases in written[wish.value].values():
            assert {words.request_in(phrase.upper()) for phrase in phrases} == {wish}


@pytest.mark.parametrize("said", ["cancel", "stop it from charging me", "no", "thanks", "where is my parcel"])
def test_what_customers_say_for_other_reasons_is_no_wish(said: str) -> None:
    assert load_opt_out(SHIPPED).request_in(said) is None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "stop: Field required"),
        (b"[stop]\nen = ['stop']", "start"),
        (b"[stop]\nen = 'stop'\n[start]\nen = ['start']", "stop.en"),
        (b"[stop]\nen = ['']\n[start]\nen = ['start']", "stop.en.0"),
        (b"[stop]\nenglish = ['stop']\n[start]\nen = ['start']", "stop.english"),
        (b"[stop]\nen = ['stop']\n[start]\nen = ['Stop']", "under stop and under start"),
        (b"[stop]\nen = ['stop']\n[start]\nen = ['start']\n[more]", "more"),
        (b"not toml", "="),
        (b"\xff", "not text in UTF-8"),
    ],
)
def test_a_wrong_file_says_where_it_is_wrong(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "opt_out.toml"
    file.write_bytes(content)
    with pytest.raises(PromptFileError, match="cannot be used") as refused:
        load_opt_out(file)
    assert told in str(refused.value)
    assert "Correct the file" in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptFileError, match="nowhere"):
        load_opt_out(tmp_path / "nowhere.toml")
