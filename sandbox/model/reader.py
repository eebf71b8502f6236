"""Interpret a prompt by simple keyword heuristics, deterministic per prompt."""

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox.model import assistance
from sandbox.model.drafts import draft_for
from sandbox.model.shapes import Json

LANGUAGE_LINE = re.compile(r"\b(?:language|lang|idioma)\b[\"'\s:=]+([a-z]{2})\b", re.IGNORECASE)
SAVED_REPLY = re.compile(
    r"(?:\bid|saved[ _]reply|reply[ _]id)[\"'\s]*[:=#]\s*[\"'`]?([a-z0-9][\w./-]*)"
    r"|^\s*[-*#]+\s*[\[\"'`(]*(?!id\b|reply_id|saved)([a-z0-9][\w./-]*+)(?:[\]\"'`)]|\s*[:(\[—]|\s+-)"
    r"|^#+ +([a-z0-9]+[_-][\w-]+) *$",
    re.IGNORECASE | re.MULTILINE,
)
SIGNS: tuple[tuple[str, str], ...] = (
    (r"[぀-ヿ]", "ja"),
    (r"[가-힯]", "ko"),
    (r"[一-鿿]", "zh"),
    (r"[؀-ۿ]", "ar"),
    (r"[֐-׿]", "he"),
    (r"[Ѐ-ӿ]", "ru"),
    (r"[¿¡ñ]|\b(?:pago|hola|porque|cuenta|gracias|ayuda)\b", "es"),
    (r"\b(?:não|você|obrigad[oa]|pagamento|conta|ajuda)\b", "pt"),
    (r"\b(?:ich|nicht|bitte|zahlung|konto|danke|und)\b|ß", "de"),
    (r"\b(?:je|paiement|compte|merci|bonjour|mais|pourquoi)\b", "fr"),
    (r"\b(?:pagamento|grazie|ciao|perché|aiuto)\b", "it"),
)
SITUATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"fire|burn|lawyer|legal|\bsue\b|injur|danger|unsafe|abogad|peligro",
        ("safety_or_legal", "safety", "legal"),
    ),
    (
        r"crypto|giveaway|click here|free money|airdrop|connect your wallet|\bprize\b|followers|followback|backlinks|vouchers"
        r"|telegram|\bdm me\b|message me|recover (?:all )?my funds|gana dinero",
        ("spam",),
    ),
    (r"journalist|reporter|newspaper|press\b|periodista", ("press",)),
    (r"refund|reembolso|rembours|erstatt|返金", ("refund",)),
    (r"\bpay|charged|declined|\bpago|paiement|zahlung|支払|決済", ("cannot_pay", "payment", "billing")),
    (r"log ?in|password|locked out|hacked|contraseña|mot de passe", ("account_access", "account")),
    (r"parcel|deliver|courier|paquete|colis|paket|荷物", ("delivery",)),
    (r"\bdown\b|outage|not working|offline|\b50[0-9]\b|caíd|panne", ("outage_report", "outage")),
    (r"worst|terrible|awful|hate|useless|ridiculous", ("rant", "complaint")),
    (r"thank|love|great|gracias|merci|danke|ありがとう", ("praise",)),
    (r"[?？¿](?![?？!])(?<![?？!].)|\b(?:how|where|when|can i)\b", ("question",)),
)
SMALL_WORDS = {"canno", "or", "repor", "other", ""}


class Reading:
    """The interpretation of one prompt."""

    def __init__(self, instructions: str, post: str) -> None:
        self._document = document = _document(post)
        self._sources = {str(one["id"]): str(one["text"]) for one in document.get("sources", ())}
        self._instructions = instructions
        self._post = str(document.get("post") or post or instructions)

    @property
    def language(self) -> str:
        """The two-letter language that the prompt states, or that is detected in the post."""
        stated = LANGUAGE_LINE.search(self._post) or LANGUAGE_LINE.search(self._instructions)
        if stated:
            return stated.group(1).lower()
        return next((code for sign, code in SIGNS if re.search(sign, self._post, re.IGNORECASE)), "en")

    def suggest(self, name: str) -> Json:
        """Suggest a value for a property of this name, or None; a list holds several, the best first."""
        if (fitting := assistance.guess(name, self._instructions, self._document)) is not None:
            return fitting
        for names, guess in GUESSES:
            if re.search(names, name, re.IGNORECASE):
                return guess(self)
        return None

    def draft(self) -> str:
        """Return the text of the saved reply that fits, else a generic draft.

        A saved reply fits only where the prompt lists its text. The generic draft is in the customer's
        language.
        """
        listed = (self._sources[str(name)] for name in self.saved_replies() if name in self._sources)
        return next(listed, "") or draft_for(self._situation, self.language)

    def saved_replies(self) -> list[Json]:
        """Return the ids of the saved replies in the prompt, the one nearest to the situation first.

        The others keep the prompt's order. For a sales pitch the only suggestion is null: no saved reply.
        """
        if self._situation == "spam":
            return [None]
        ids = dict.fromkeys(
            [*self._sources, *(a or b or c for a, b, c in SAVED_REPLY.findall(self._instructions))]
        )
        words = {word[:5] for name in self._signs() for word in re.split(r"[_\W]+", str(name))} - SMALL_WORDS
        return [*sorted(ids, key=lambda one: -sum(word in one.lower() for word in words))]

    def cited(self) -> list[Json]:
        """Return the id of the best source alone; none for a sales pitch."""
        listed: list[Json] = [name for name in self.saved_replies() if name in self._sources]
        return listed[:1]

    def situations(self) -> list[Json]:
        """Suggest names for the situation of the post."""
        return self._signs() or ["question", "other"]

    def _signs(self) -> list[Json]:
        found = [names for sign, names in SITUATIONS if re.search(sign, self._post, re.IGNORECASE)]
        return [name for names in found for name in names]

    @property
    def _situation(self) -> str:
        """The detected situation; empty where nothing indicates one."""
        return str(next(iter(self._signs()), ""))

    def urgency(self) -> list[Json]:
        """Suggest names for the urgency of the post."""
        situation = self.situations()[0]
        if situation == "safety_or_legal":
            return ["urgent", "high"]
        if situation in ("cannot_pay", "outage_report", "press"):
            return ["high"]
        return ["low", "normal"] if situation in ("praise", "spam") else ["normal", "medium"]


def _document(text: str) -> dict[str, Any]:
    """Return the JSON object that the text is, else an empty one."""
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


GUESSES: tuple[tuple[str, Callable[[Reading], Json]], ...] = (
    (r"^based_on$|^sources$", Reading.cited),
    (r"saved|reply_id|template|stands_on", Reading.saved_replies),
    (r"language|^lang$", lambda reading: reading.language),
    (r"situation|topic|category|intent", Reading.situations),
    (r"urgency|priority", Reading.urgency),
    (r"missing|questions", lambda _: []),
    (r"^confiden", lambda _: 0.8),
    (r"draft|reply|text|answer|message|suggestion|body|content", Reading.draft),
)
