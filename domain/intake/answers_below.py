"""Recognise that a customer says where their answers are: within the mail that they quote."""

import re

_POINTERS = (
    r"(?:answer|repl(?:y|ies)|respon[sd]|comment|remark|note|see|input)[^\n]{0,40}"
    r"\b(?:below|in-?line|in line|underneath|in (?:red|blue|green|purple|bold|colou?r|capitals|caps))\b",
    r"\b(?:red|blue|green|rote[nr]?|blaue[nr]?|grüne[nr]?)\b[^\n]{0,20}(?:answers?|repl|comments?|text|antwort|kommentar|anmerkung|text|schrift)|"
    r"(?:réponses?|texte|respuestas?|texto|risposte|testo|respostas?) (?:en |in |em )?(?:rouges?|bleues?|roj[oa]s?|azul(?:es)?|ross[oaei]|blu|verd[ei]s?|vermelh[oa]s?)\b",
    r"(?:antwort|kommentar|anmerkung|siehe|ergänzung)[^\n]{0,40}"
    r"(?:\bunten\b|im text|in (?:rot|blau|grün|fett)|rot markiert|dazwischen)",
    r"(?:réponse|commentaire|remarque|voir|réponds)[^\n]{0,40}(?:ci-dessous|dans le texte|en (?:rouge|bleu|vert))",
    r"(?:respuesta|comentario|contest|respond|ver)[^\n]{0,40}(?:abajo|debajo|a continuación|en (?:rojo|azul|verde))",
    r"(?:resposta|comentário|respond|ver)[^\n]{0,40}(?:abaixo|a seguir|em (?:vermelho|azul|verde))",
    r"(?:rispost|comment|vedi|rispond)[^\n]{0,40}(?:\bsotto\b|di seguito|in (?:rosso|blu|verde))",
    r"(?:antwoord|opmerking|zie|reactie)[^\n]{0,40}(?:onder|in (?:het )?(?:rood|blauw|groen))",
    r"(?:odpowie|komentarz|uwag)[^\n]{0,40}(?:poniżej|na (?:czerwono|niebiesko|zielono))",
    r"(?:svar|kommentar|se)[^\n]{0,40}(?:nedan|nedenfor|(?:i|med) (?:rött|rødt|blått|blåt))",
    r"(?:ответ|комментари|см)[^\n]{0,40}(?:ниже|красным|синим|в тексте)",
    r"(?:cevap|yanıt)[^\n]{0,40}(?:aşağıda|kırmızı|mavi)",
    r"(?:回复|回答|答复|答覆|回覆|见|見)[^\n]{0,20}(?:下[文面方]|[红紅蓝藍]色?字?)|(?:下記|以下|赤字|文中)[^\n]{0,20}(?:回答|返信|記入)",
    r"(?:답변|답)[^\n]{0,20}(?:아래|빨간|파란)|(?:아래|빨간)[^\n]{0,20}(?:답변|답)",
)
_POINTER = re.compile("|".join(_POINTERS), re.IGNORECASE)
_MAX_LENGTH = 2_000  # characters that are searched


def points_below(text: str) -> bool:
    """Return whether the text says that its answers stand below, or in a colour."""
    return _POINTER.search(text[:_MAX_LENGTH]) is not None
