"""Write saved replies as files, and read them back."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.prompts.reply_files import load_replies, write_reply
from adapters.prompts.toml_file import PromptFileError
from domain.knowledge.saved_replies import ReplyChange, ReplyContent, ReplyVersion, Wording
from domain.triage.form_of_address import FormOfAddress
from domain.triage.situations import Reason, Situation
from tests.adapters.prompts.test_articles import BOMB
from tests.replies import GERMAN, a_reply
from tests.source import ROOT

SHIPPED = ROOT / "prompts" / "replies"
FULL = a_reply(
    title="Vouchers: 2 for 1 # really",
    version=7,
    change=ReplyChange.RETIRED,
    reasons=frozenset({Reason.MONEY}),
    usual=True,
    public_only=True,
    owner="U0SAM",
    expires_on=date(2026, 12, 31),
    examples=('so "quoted"', "- with a dash", "#tag", "ünï 🔥", "back\\slash"),
)


def test_the_shipped_files_are_written_as_they_are() -> None:
    shipped = load_replies(SHIPPED)
    assert {f"{reply.name}.md" for reply in shipped} == {path.name for path in SHIPPED.glob("*.md")}
    for reply in shipped:
        assert write_reply(reply) == (SHIPPED / f"{reply.name}.md").read_text(encoding="utf-8"), reply.name


def test_every_field_is_read_back(tmp_path: Path) -> None:
    (tmp_path / f"{FULL.name}.md").write_text(write_reply(FULL), encoding="utf-8")
    assert load_replies(tmp_path) == (FULL,)


_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\u2028\u2029")
_LINE = st.text(_CHARACTERS, min_size=1, max_size=40).map(lambda text: " ".join(text.split())).filter(bool)
_TEXT = (
    st.lists(_LINE, min_size=1, max_size=3)
    .map("\n".join)
    .filter(lambda text: not any(mark in text for mark in ("##", "{{", "}}", "{%", "%}", "{#", "[[", "]]")))
)
_WORDING = st.builds(
    Wording,
    language=st.sampled_from(["en", "de"]),
    text=_TEXT,
    form=st.none() | st.sampled_from(FormOfAddress),
)
_CONTENT = st.builds(
    ReplyContent,
    title=_LINE,
    situations=st.frozensets(st.sampled_from(Situation), min_size=1),
    wordings=st.lists(_WORDING, min_size=1, max_size=4, unique_by=lambda w: (w.language, w.text)).map(tuple),
    examples=st.lists(_LINE, min_size=1, max_size=3).map(tuple),
    expires_on=st.none() | st.dates(),
)


@given(_CONTENT)
def test_any_reply_is_read_back(tmp_path_factory: pytest.TempPathFactory, content: ReplyContent) -> None:
    folder = tmp_path_factory.mktemp("replies")
    reply = ReplyVersion(name="any", version=1, content=content)
    text = write_reply(reply)
    (folder / "any.md").write_text(text, encoding="utf-8")
    [read] = load_replies(folder, with_english=False)
    assert read == reply
    assert write_reply(read) == text


def test_what_aliases_stand_for_is_not_worked_out(tmp_path: Path) -> None:
    text = write_reply(FULL).replace("situations: ", f"{BOMB}situations: *j\nunused: ")
    (tmp_path / "bomb.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptFileError, match="an alias"):
        load_replies(tmp_path)


def test_a_form_of_address_that_is_none_is_refused(tmp_path: Path) -> None:
    text = write_reply(a_reply()).replace("## de informal", "## de casual")
    (tmp_path / "voucher.md").write_text(text, encoding="utf-8")
    with pytest.raises(PromptFileError, match="'casual' is no form of address; write formal or informal"):
        load_replies(tmp_path)


def test_english_is_required_of_shipped_replies_only(tmp_path: Path) -> None:
    (tmp_path / "voucher.md").write_text(write_reply(a_reply(wordings=(GERMAN,))), encoding="utf-8")
    assert load_replies(tmp_path, with_english=False)
    with pytest.raises(PromptFileError, match="'en' is missing"):
        load_replies(tmp_path)


def test_a_name_that_no_menu_could_carry_is_refused(tmp_path: Path) -> None:
    (tmp_path / "two words.md").write_text(write_reply(replace(FULL, name="x")), encoding="utf-8")
    with pytest.raises(PromptFileError, match=r"the name of the file may have letters, digits, - and _"):
        load_replies(tmp_path)
