"""Pages, mails and messages address their reader in one way: in Spanish by "tú", in Italian by "tu"."""

import re
import tomllib
from collections.abc import Mapping

import pytest

from tests.source import ROOT

#: What only the polite form has, in the words that the texts use.
_POLITE = {
    "es": r"\b(?:usted|sus?|le|lo recibió|recibe|recibirá|fue|escribió|acaba|se ha dado de|está suscrito|mire|haga|dé"
    r"|responda|compruebe|vuelva a|marque|confirme|abra|pulse|escriba (?:la|su)|use|deje|pidió a \{brand\} que le"
    r"|(?:inténte|cuénte|escríba|ábra|úse|avíse|déje|envíe|respónda)(?:me|nos|l[oa])+)\b",
    "it": r"\b(?:su[oae]|lei|le (?:dice|abbiamo|scriv\w+|viene)|(?:scriver|avvisar)(?:le|la)|riceve|riceverà|abbia|ha (?:avuto|chiesto a"
    r"|scritto|ricevuto|appena)|risponda|guardi|apra|controlli|ricarichi|riprovi|scriva|dica|lasci|lo usi|prema|spunti"
    r"|confermi|(?:ci|mi) (?:mandi|avvisi|risponda)|(?:non )?(?:faccia|dia))\b",
}
#: "su" and "ha chiesto" are also said of somebody else, or mean "on".
_NOT_POLITE = {
    "es": r"su propia dirección",
    "it": r"qualcuno[^.]*ha chiesto a|al suo indirizzo|si riceve",
}
_FILES = ["mail/words", "email_capture/words", "subscribe/words", "verification"]
_THOU = {"es": r"\b(?:t[uú]|te|ti)\b", "it": r"\b(?:tu[oae]?|ti|te)\b"}


def texts_of(file: str, language: str) -> Mapping[str, str]:
    """Return the texts of a file, by name."""
    path = ROOT / "prompts" / (f"chat/{language}.toml" if file == "chat" else f"{file}.toml")
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    words = content if file == "chat" else content[language]
    return {name: text for name, text in words.items() if isinstance(text, str) and name != "not_me"}


@pytest.mark.parametrize("file", ["chat", *_FILES])
@pytest.mark.parametrize("language", sorted(_POLITE))
def test_the_reader_is_addressed_in_one_way(file: str, language: str) -> None:
    texts = texts_of(file, language)
    polite = re.compile(_POLITE[language], re.IGNORECASE)
    others = re.compile(_NOT_POLITE[language], re.IGNORECASE)
    found = {name: text for name, text in texts.items() if polite.search(others.sub("", text))}
    assert found == {}
    assert any(re.search(_THOU[language], text, re.IGNORECASE) for text in texts.values())
