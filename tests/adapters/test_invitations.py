"""The invitations: what ships fits, and what somebody wrote wrong is named."""

from pathlib import Path

import pytest

from adapters.invitations import InvitationsError, load_invitations
from adapters.x.wording import count
from domain.venues import Venue

SHIPPED = Path(__file__).resolve().parents[2] / "prompts" / "invitations.toml"
LINK = "https://support.acme.example/c#" + "x" * 60
GOOD = """
[dm]
asks = { en = "Here: {link}", es = "Aquí: {link}" }
begins = { en = "Hello" }
[email]
asks = { en = "Mail: {link}" }
begins = { en = "Hello by mail" }
[chat]
asks = { en = "Chat: {link}" }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "invitations.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("language", ["en", "es", "fr", "de", "pt", "ja", "ar"])
@pytest.mark.parametrize("venue", [Venue.DM, Venue.EMAIL, Venue.CHAT])
def test_what_ships_carries_its_link_and_fits_into_a_post(venue: Venue, language: str) -> None:
    line = load_invitations(SHIPPED).line(venue, language, LINK)
    assert line.count(LINK) == 1
    assert count(line).fits


def test_a_language_that_is_missing_gets_english_and_a_link_where_there_is_one(tmp_path: Path) -> None:
    invitations = load_invitations(written(tmp_path, GOOD))
    assert invitations.line(Venue.DM, "es", LINK) == f"Aquí: {LINK}"
    assert invitations.line(Venue.DM, "sv", LINK) == f"Here: {LINK}"
    assert invitations.line(Venue.DM, "es", "") == "Hello"
    assert invitations.line(Venue.CHAT, "en", "") == ""


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD.replace("{link}", "", 1), "dm.asks: {link} must stand in it once: en"),
        (GOOD.replace("{link}", "{link} {link}", 1), "must stand in it once: en"),
        (
            GOOD.replace('begins = { en = "Hello" }', 'begins = { es = "Hola" }'),
            "dm.begins: there is no English text",
        ),
        (GOOD.replace("[chat]", "[cat]"), "chat: Field required"),
        (GOOD.replace('"Hello"', '""'), "dm.begins.en"),
        ("[dm", "invitations.toml"),
    ],
)
def test_what_is_written_wrong_is_named_with_its_place(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(InvitationsError) as refused:
        load_invitations(written(tmp_path, text))
    assert named in str(refused.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvitationsError, match="nowhere"):
        load_invitations(tmp_path / "nowhere.toml")
