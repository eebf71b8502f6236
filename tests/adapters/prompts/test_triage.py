"""Load the triage files under `prompts/`: the shipped ones are valid, and mistakes are reported."""

import re
import shutil
import tomllib
from datetime import date
from pathlib import Path

import pytest

from adapters.prompts.toml_file import PromptFileError
from adapters.prompts.triage import Words, load_words
from adapters.twitter_text import weighted_length
from domain.knowledge.saved_replies import suggestible
from domain.replies.checks import CHECKS
from domain.replies.checks.reply import Reply
from domain.triage.form_of_address import DEFAULT_FORMS
from domain.triage.reply_ranking import MessageToAnswer
from domain.triage.saved_replies import PLACEHOLDERS, SavedReply, fill
from domain.triage.situations import Reason, Situation
from handlers.triage.reply_search import tfidf_search
from tests.domain.made import assessed_by_rules
from tests.source import ROOT

PROMPTS = ROOT / "prompts"
LONG_NAME = "Maximiliana-Sofia"
X_LIMIT = 280
#: Japanese puts "without" after the noun, inside the verb, and what swallows the payment after the payment.
WITHOUT_A_WORD = {"without": {"ja"}, "utility": {"ja"}, "swallows": {"ja"}}
LANGUAGES = {"en", "es", "fr", "de", "pt", "ja"}


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words(PROMPTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files that a test may change."""
    copied = tmp_path / "prompts"
    (copied / "replies").mkdir(parents=True)
    for name in ("situations.toml", "concepts.toml", "sentiment.toml", "replies/thank_you.md"):
        shutil.copy(PROMPTS / name, copied / name)
    return copied


def spoil(folder: Path, file: str, old: str, new: str) -> str:
    """Replace a text in one of the files and return the error of loading it."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PromptFileError) as refused:
        load_words(folder)
    return str(refused.value)


def test_every_situation_but_spam_has_a_saved_reply_in_every_language(words: Words) -> None:
    for situation in Situation:
        fitting = [reply for reply in words.saved_replies if situation in reply.situations]
        assert bool(fitting) is (situation is not Situation.SPAM)
        assert all(set(reply.wordings) >= LANGUAGES for reply in fitting)


def test_a_situation_has_at_most_one_usual_reply(words: Words) -> None:
    usual = [situation for reply in words.saved_replies if reply.usual for situation in reply.situations]
    assert len(usual) == len(set(usual))


def every_filled(words: Words) -> list[tuple[SavedReply, str, str]]:
    return [
        (reply, language, text)
        for reply in words.saved_replies
        for language in reply.wordings
        for name in ("", LONG_NAME)
        for text in fill(reply, language, first_name=name, brand="Acme")
    ]


def test_every_saved_reply_fits_into_a_post_and_keeps_the_rules_of_engagement(words: Words) -> None:
    for reply, language, text in every_filled(words):
        length = weighted_length(text)
        as_sent = Reply(text=text, length=length, limit=X_LIMIT)
        assert [name for name, broken in CHECKS.items() if broken(as_sent)] == [], (
            reply.name,
            language,
            text,
        )


def test_a_reply_to_somebody_without_a_name_reads_well(words: Words) -> None:
    for reply, language, text in every_filled(words):
        assert not re.search(r"\s[,!،]|\s{2}|^[\W_]*[,、]", text.replace(" !", "!")), (
            reply.name,
            language,
            text,
        )


def test_every_saved_reply_has_three_wordings_without_a_name_too(words: Words) -> None:
    for reply in suggestible(words.shipped_replies, DEFAULT_FORMS, date.min):
        for language in reply.wordings:
            assert len(list(fill(reply, language, first_name="", brand="Acme"))) == 3, (reply.name, language)


ADDRESSES = {
    "de": r"\b(du|dir|dich|dein\w*|Ihnen|Ihre?)\b",
    "es": r"\b(tú|te|tus?|ti|contigo|usted|su)\b",
    "fr": r"\b(vous|votre|vos|tu|te|toi|ton|ta|tes)\b",
}


def test_a_wording_that_addresses_the_customer_says_in_which_form(words: Words) -> None:
    unmarked = [
        (reply.name, wording.text)
        for reply in words.shipped_replies
        for wording in reply.content.wordings
        if wording.form is None and re.search(ADDRESSES.get(wording.language, r"\A\b\B"), wording.text)
    ]
    assert unmarked == []


def test_the_saved_replies_that_ask_to_write_in_private_are_for_public_posts(words: Words) -> None:
    asks = re.compile(r"direct message|\bDM\b|in private|privately|write to us directly", re.IGNORECASE)
    for reply in words.saved_replies:
        assert reply.public_only is bool(asks.search(" ".join(reply.wordings["en"]))), reply.name


def test_no_two_saved_replies_are_the_same(words: Words) -> None:
    texts = [text for reply in words.saved_replies for texts in reply.wordings.values() for text in texts]
    assert len(set(texts)) == len(texts)


def test_every_situation_and_reason_has_cues_in_the_six_languages(words: Words) -> None:
    for language in LANGUAGES:
        phrases = words.cues.languages[language]
        meant = {label.meaning for label in phrases.labels()}
        assert meant >= {*Situation} - {Situation.OTHER}, language
        assert meant >= {*Reason}, language


def test_every_concept_has_words_in_the_six_languages_and_a_pair_that_uses_it() -> None:
    concepts = tomllib.loads((PROMPTS / "concepts.toml").read_text(encoding="utf-8"))
    pairs = [pair.split() for group in concepts["pairs"].values() for own in group.values() for pair in own]
    assert {name for one, _, other in pairs for name in (one, other)} == concepts["concepts"].keys()
    for name, words in concepts["concepts"].items():
        assert words.keys() >= LANGUAGES - WITHOUT_A_WORD.get(name, set()), name


def test_the_readme_names_every_situation_reason_and_placeholder() -> None:
    readme = (PROMPTS / "README.md").read_text(encoding="utf-8")
    named = {*Situation, *Reason, *(f"{{{{ {name} }}}}" for name in PLACEHOLDERS)}
    assert [name for name in sorted(named) if f"`{name}`" not in readme] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("the charger is smoking", "unsafe_product"),
        ("the dog of your driver has bitten my son", "unsafe_product"),
        ("someone emptied my account and stole 2000 pounds", "account_taken_over"),
        ("I can't go on, I don't want to be here any more", "worried_about_you"),
        ("I will sue you", "formal_complaint"),
        ("you leaked my personal data", "data_shown_to_others"),
    ],
)
def test_each_kind_of_danger_has_its_reply(words: Words, text: str, name: str) -> None:
    assessment = assessed_by_rules(text, language="en", sentiment=-0.5, cues=words.cues)
    message = MessageToAnswer({assessment.situation: 1.0}, assessment.situation, assessment.reasons)
    best = next(tfidf_search(words.saved_replies).rank(text, message))
    assert (assessment.situation, best.reply.name) == (Situation.SAFETY_OR_LEGAL, name)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("situations.toml", "[situations.press.decides]", "[situations.pres.decides]", "situations.pres"),
        (
            "situations.toml",
            "[situations.press.decides]",
            "[situations.press.decide]",
            "press.decide: Extra inputs",
        ),
        ("situations.toml", '[reasons."legal threat"]', '[reasons."legal threats"]', "legal threats"),
        ("situations.toml", '"electric shock"', '"* shock"', "a phrase needs letters before its '*'"),
        ("situations.toml", "\n[negations]", "\n[negations", "line"),
        (
            "concepts.toml",
            "[concepts.theft]",
            "[concepts.thefts]",
            "concepts.toml: pairs: no such concept as 'theft'",
        ),
        ("concepts.toml", '"goods + theft"', '"goods and theft"', "concepts.toml: pairs: write two concepts"),
        ("concepts.toml", "\n[harmless]", "\n[harmles]", "concepts.toml: harmles"),
        ("concepts.toml", "cannot_pay = [", "cant_pay = [", "pairs.situations.cant_pay"),
        ("concepts.toml", "[pairs.reasons]", "[together.reasons]", "concepts.toml: together: Extra inputs"),
        ("concepts.toml", "[concepts.payment]", "[words.payment]", "concepts.toml: words: Extra inputs"),
        ("sentiment.toml", '"2.5" = ["legends"', '"25" = ["legends"', "less than or equal to 4"),
        ("sentiment.toml", "[nl]", "[dutch]", "dutch"),
        ("replies/thank_you.md", "title: Thank you", "titel: Thank you", "titel: Extra inputs"),
        ("replies/thank_you.md", "title: Thank you\n", "", "title: Field required"),
        ("replies/thank_you.md", "version: 3", "version: one", "version: Input should be a valid integer"),
        ("replies/thank_you.md", "[praise]", "[prais]", "thank_you.md: situations"),
        ("replies/thank_you.md", "[praise]", "[praise", "thank_you.md: "),
        ("replies/thank_you.md", "languages: [en, es,", "languages: [en,", "section 'es' is not declared"),
        (
            "replies/thank_you.md",
            "languages: [en,",
            "languages: [en, tr,",
            "'tr' is declared but has no section",
        ),
        (
            "replies/thank_you.md",
            "## es",
            "## en\n\nHi\n\n## en\n\nHi\n\n## es",
            "this section 'en' has the text of an earlier one",
        ),
        ("replies/thank_you.md", "## en", "Stray text\n\n## en", "text before the first section"),
        (
            "replies/thank_you.md",
            "## en\n\nThank you",
            "## en\n\nThank {{ you }}",
            "unknown placeholder 'you'",
        ),
        (
            "replies/thank_you.md",
            "## en\n\nThank you",
            "## en\n\n{% if x %}",
            "'{%' is not part of a placeholder",
        ),
    ],
)
def test_a_mistake_is_refused_with_its_place(folder: Path, file: str, old: str, new: str, said: str) -> None:
    message = spoil(folder, file, old, new)
    assert said in message
    assert file in message


def test_a_reply_without_english_is_refused(folder: Path) -> None:
    path = folder / "replies/thank_you.md"
    path.write_text(path.read_text(encoding="utf-8").replace("## en\n", "## tr\n"), encoding="utf-8")
    with pytest.raises(PromptFileError, match="'en' is missing"):
        load_words(folder)


def test_a_mistake_in_a_text_is_named_with_its_line(folder: Path) -> None:
    message = spoil(folder, "replies/thank_you.md", "## fr formal\n\nMerci", "## fr formal\n\n{{ merci }}")
    lines = (folder / "replies/thank_you.md").read_text(encoding="utf-8").splitlines()
    assert f"replies/thank_you.md:{lines.index('## fr formal') + 1}: section 'fr'" in message


def test_every_mistake_is_said_at_once(folder: Path) -> None:
    (folder / "situations.toml").unlink()
    (folder / "sentiment.toml").write_bytes(b"\xff")
    message = spoil(folder, "replies/thank_you.md", "version: 3", "version: 0")
    assert "situations.toml" in message
    assert "sentiment.toml" in message
    assert "thank_you.md: version" in message
    assert message.endswith("Correct the files and start again.")


def test_a_folder_without_saved_replies_is_refused(folder: Path) -> None:
    (folder / "replies/thank_you.md").unlink()
    with pytest.raises(PromptFileError, match="no saved reply"):
        load_words(folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("address/page.html", "email_capture/page.html"),
        ("address/words.toml", "email_capture/words.toml"),
        ("notions.toml", "concepts.toml"),
    ],
)
def test_a_file_under_its_old_name_is_refused_with_its_new_one(folder: Path, old: str, new: str) -> None:
    (folder / old).parent.mkdir(exist_ok=True)
    (folder / old).touch()
    with pytest.raises(PromptFileError) as refused:
        load_words(folder)
    assert refused.value.problems == (
        f"{old}: its name is {new} now; move your changes there and delete this file",
    )
    assert (PROMPTS / new).is_file()
