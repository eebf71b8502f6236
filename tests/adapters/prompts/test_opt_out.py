"""Load `prompts/opt_out.toml`: the shipped one is valid, and mistakes are reported with their place."""

import tomllib
from pathlib import Path

import pytest

from adapters.prompts.opt_out import load_opt_out
from adapters.prompts.toml_file import PromptFileError
from domain.handoffs.opt_out import OptOutRequest
from domain.triage.language import LANGUAGES
from tests.source import ROOT

SHIPPED = ROOT / "prompts" / "opt_out.toml"


def test_ours_speaks_many_languages_and_every_phrase_of_it_is_understood() -> None:
    words, written = load_opt_out(SHIPPED), tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    for wish in OptOutRequest:
        assert set(written[wish.value]) >= {*LANGUAGES, "cs", "da", "el", "fi", "he", "hu", "nb", "uk"}
        for phrases in written[wish.value].values():
            assert {words.request_in(phrase.upper()) for phrase in phrases} == {wish}


@pytest.mark.parametrize(
    "said",
    [
        "توقّف!",
        "لا تراسلوني،",
        "الغاء الإشتراك",
        "STOP 🛑",
        "❌ стоп",
        "DUR!",
        "退订。",
        "수신거부!!",
        "הסר.",
        "Μη μου γράφετε!",
    ],
)
def test_marks_signs_and_spellings_of_every_script_do_not_matter(said: str) -> None:
    assert load_opt_out(SHIPPED).request_in(said) is OptOutRequest.STOP


@pytest.mark.parametrize(
    "said",
    [
        "cancel",
        "iptal",
        "إلغاء الطلب",
        "нет",
        "取消",
        "취소",
        "🛑",
        "stop it from charging me",
        "no",
        "thanks",
        "where is my parcel",
    ],
)
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
