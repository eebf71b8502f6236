"""Load the invitations: the shipped ones fit, and mistakes are reported with their place."""

import re
import tomllib
from pathlib import Path

import pytest

from adapters.networks.x.text_length import count
from adapters.prompts.invitations import load_invitations
from adapters.prompts.toml_file import PromptFileError
from domain.venues import Venue
from tests.source import ROOT

SHIPPED = ROOT / "prompts" / "invitations.toml"
LANGUAGES = ["en", "es", "fr", "de", "it", "pt", "ja", "ar"]
FAMILIAR = {  # informal address
    "de": r"du|dir|dich|dein\w*|euch|euer|lass|schreib|sag|antworte",
    "es": r"tú|te|ti|tus?|escríbenos|escribirte|responderte|dinos|responde",
    "fr": r"tu|te|toi|tes?|ton|ta|envoie|dis|réponds",
    "it": r"tu|te|ti|tuo\w*|tua|scrivi|scrivici|dicci|rispondi|rispondici",
    "pt": r"tu|te|ti|teus?|tuas?|envia|diz",
}
FORMAL = {
    "de": r"Sie|Ihnen|Ihre?[mnrs]?",
    "es": r"usted|le|escríbanos|escribirle|responderle|díganos|responda|nos escriba",
    "it": r"lei|le|ci scriva|ci dica|risponda|scriverle|risponderle",
}
LINK = "https://support.acme.example/c#" + "x" * 60
GOOD = """
[dm]
invitation = { en = "Here: {link}", es = "Aquí: {link}" }
first_message = { en = "Hello" }
[email]
invitation = { en = "Mail: {link}" }
first_message = { en = "Hello by mail" }
[chat]
invitation = { en = "Chat: {link}" }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "invitations.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("venue", [Venue.DM, Venue.EMAIL, Venue.CHAT])
def test_what_ships_carries_its_link_and_fits_into_a_post(venue: Venue, language: str) -> None:
    line = load_invitations(SHIPPED).text(venue, language, LINK)
    assert line.count(LINK) == 1
    assert count(line).fits


@pytest.mark.parametrize("folder", ["prompts/chat", "prompts/email_capture/words.toml"])
def test_every_language_of_the_pages_has_invitations_to_them(folder: str) -> None:
    at = ROOT / folder
    spoken = {path.stem for path in at.glob("*.toml")} if at.is_dir() else set(tomllib.loads(at.read_text()))
    texts = [table[kind] for table in tomllib.loads(SHIPPED.read_text()).values() for kind in table]
    assert spoken
    assert [spoken - set(each) for each in texts] == [set()] * len(texts)


@pytest.mark.parametrize("language", FAMILIAR)
def test_nobody_is_addressed_as_a_friend(language: str) -> None:
    texts = [
        kind[language] for table in tomllib.loads(SHIPPED.read_text()).values() for kind in table.values()
    ]
    familiar = re.compile(rf"\b(?:{FAMILIAR[language]})\b", re.IGNORECASE)
    assert [found for text in texts for found in familiar.findall(text)] == []


def test_a_language_that_is_missing_gets_english_and_a_link_where_there_is_one(tmp_path: Path) -> None:
    proposed = load_invitations(written(tmp_path, GOOD))
    assert proposed.text(Venue.DM, "es", LINK) == f"Aquí: {LINK}"
    assert proposed.text(Venue.DM, "sv", LINK) == f"Here: {LINK}"
    assert proposed.text(Venue.DM, "es", "") == "Hello"
    assert proposed.text(Venue.CHAT, "en", "") == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD.replace("{link}", "", 1), "dm.invitation: {link} must stand in it once: en"),
        (GOOD.replace("{link}", "{link} {link}", 1), "must stand in it once: en"),
        (
            GOOD.replace('first_message = { en = "Hello" }', 'first_message = { es = "Hola" }'),
            "dm.first_message: there is no English text",
        ),
        (GOOD.replace("[chat]", "[cat]"), "chat: Field required"),
        (GOOD.replace('"Hello"', '""'), "dm.first_message.en"),
        ("[dm", "invitations.toml"),
        (GOOD.replace("invitation =", "asks =", 1), "dm.asks: Extra inputs"),
        (GOOD.replace("first_message =", "begins =", 1), "dm.begins: Extra inputs"),
    ],
)
def test_what_is_written_wrong_is_named_with_its_place(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(PromptFileError) as refused:
        load_invitations(written(tmp_path, text))
    assert named in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptFileError, match="nowhere"):
        load_invitations(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("language", FORMAL)
def test_where_saved_replies_may_be_informal_the_lines_address_nobody(language: str) -> None:
    """A customer who was just told "Schick uns …" is not told "Schreiben Sie uns …" by the same form."""
    texts = [
        table[kind].get(language, "")
        for table in tomllib.loads(SHIPPED.read_text()).values()
        for kind in table
    ]
    assert all(texts)
    assert [text for text in texts if re.search(rf"\b({FORMAL[language]})\b", text)] == []
