"""A page of the chat addresses its reader in one way: where it says "tú" or "tu", it keeps to it."""

import re
import tomllib

import pytest

from tests.source import ROOT

#: What only the polite form has, in the words that the page uses.
_POLITE = {
    "es": r"\b(?:usted|su (?:identidad|dirección|buzón)|le (?:dice|enviamos)|(?:mire|responda|compruebe|vuelva a)"
    r"|(?:inténte|cuénte|escríba|ábra)(?:nos)?l[oa])\b",
    "it": r"\b(?:sua (?:identità|casella)|suo indirizzo e-mail|le (?:dice|abbiamo)|risponda|guardi|apra|controlli"
    r"|ricarichi|riprovi|scriva|dica)\b",
}


@pytest.mark.parametrize("language", sorted(_POLITE))
def test_a_page_says_you_in_one_way(language: str) -> None:
    words = tomllib.loads((ROOT / "prompts" / "chat" / f"{language}.toml").read_text(encoding="utf-8"))
    polite = re.compile(_POLITE[language], re.IGNORECASE)
    found = {name: text for name, text in words.items() if isinstance(text, str) and polite.search(text)}
    assert found == {}
    assert any(
        re.search(r"\bt[uú]\b", text, re.IGNORECASE) for text in words.values() if isinstance(text, str)
    )
