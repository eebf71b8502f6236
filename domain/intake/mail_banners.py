"""Recognise the banners of mail gateways, which warn of mails from outside: no words of a customer's."""

import re
from collections.abc import Sequence

#: What says that the mail came from outside, in the languages of gateways.
_ORIGINS = (
    r"\b(?:e-?mail|message)\b.{0,60}\b(?:originat\w+|com(?:es?|ing)|came|sent|received|is)\b.{0,10}\bfrom\b.{0,20}\b(?:outside|external)\b",
    r"\b(?:don['’]t|do not) often (?:get|receive) e-?mails? from\b",
    r"\b(?:e-?mail|nachricht)\b.{0,40}\b(?:stammt|kommt|wurde|ist)\b.{0,30}\b(?:extern|außerhalb)|erhalten nicht (?:oft|häufig) e-?mail",
    r"\b(?:courriel|e-?mail|message)\b.{0,40}\b(?:provient|vient|émane|envoyé)\b.{0,30}\b(?:extérieur|externe)|pas souvent d['’]e-?mail",
    r"\b(?:correo|mensaje)\b.{0,40}\b(?:proviene|procede|origin\w+|enviado)\b.{0,30}\b(?:fuera|extern)|no suele recibir correos? electrónic",
    r"\b(?:e-?mail|messaggio)\b.{0,40}\bprovenie\w*\b.{0,30}\b(?:estern|fuori)|non si ricevono spesso messaggi",
    r"\b(?:e-?mail|mensagem)\b.{0,40}\b(?:origin\w+|provém|veio|enviad\w)\b.{0,30}\b(?:fora|extern)|não costuma receber e-?mail",
    r"\b(?:e-?mail|bericht)\b.{0,40}\b(?:afkomstig|komt|verzonden)\b.{0,30}\b(?:extern|buiten)|niet vaak e-?mail",
    r"\bwiadomość\b.{0,40}\b(?:pochodzi|wysłana)\b.{0,30}\b(?:zewn|spoza)|\bzpráva\b.{0,40}\b(?:pochází|přišla)\b.{0,30}\b(?:extern|mimo)",
    r"(?:e-?post|mail|meddel)\w*\b.{0,40}\b(?:kommer|skickat|sendt)\b.{0,30}(?:e[xk]stern|utanför|udenfor|utenfor)",
    r"письмо\b.{0,40}(?:внешн|из-?за пределов|извне)|外部(?:から|の送信者|邮件|發件人|发件人)|외부(?:에서| 메일| 발신)",
)
_ORIGIN = re.compile("|".join(_ORIGINS), re.IGNORECASE)
#: What stands beside that: a word of warning, and what is not to be done.
_MARKER = re.compile(
    r"\W*(?:caution|warning|attention|notice|important|alert|be careful|external|ext|achtung|vorsicht|warnung|hinweis|wichtig|"
    r"extern\w?|prudence|avertissement|atención|aviso|precaución|attenzione|avviso|atenção|cuidado|let op|waarschuwing|uwaga|pozor|"
    r"varning|advarsel|внимание|注意|警告|주의)\W*",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:do not|don['’]t|never|please|exercise|use|take|be|think)\b.{0,60}\b(?:click|open|links?|attachments?|caution|care|respond)|"
    r"\bunless you (?:recogni[sz]e|know|trust|expect)|\breport (?:any |this |it )?\w{0,20} ?(?:suspicious|phish|to)|"
    r"\blearn why this is important|\bverify the sender|\bcontent is safe|"
    r"(?:öffnen|klicken|prüfen) sie|erfahren sie, warum|n['’]ouvrez pas|ne cliquez|découvrez pourquoi|no (?:haga clic|abra|pulse)|"
    r"por qué (?:esto |es )?(?:esto )?(?:es )?importante|non (?:cliccare|aprire|fare clic)|não (?:clique|abra)|(?:klik|open) (?:niet|geen)|"
    r"nie (?:klikaj|otwieraj)|neklikejte|neotv[ií]rejte|klicka inte|öppna inte|не (?:открывайте|переходите|нажимайте)",
    re.IGNORECASE,
)
#: A banner without advice: the word alone, or whom such a mail is from.
_ALONE = re.compile(
    r"(?:\W*|this (?:e-?mail|message) is from an )external (?:e-?mail|sender|message)\W*|"
    r".*\b(?:external|outside)(?: of)?(?: the| your| our)? (?:sender|source|organi[sz]ation|company|network|domain)\W*",
    re.IGNORECASE,
)
#: A part of a word that each says where a mail is from: without one, no line is looked at further.
_KEY = re.compile(
    r"ext[eéè]|ext\b|outside|oft|häufig|außerhalb|souvent|fuera|suele|est?ern|fuori|spesso|fora|costuma|buiten|vaak|zewn|spoza|"
    r"mimo|utanför|udenfor|utenfor|внешн|предел|извне|外部|외부",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!:。])\s+|(?<=[。])|(?<=\])\s+")
_MAX_LINES, _MAX_LENGTH = 5, 500  # of a banner
#: A customer speaks of themselves, or asks.
_PERSONAL = re.compile(
    r"[?？]|\b(?:i|i['’]m|my|we|ich|mein\w*|wir|je|mon|nous|yo|mi|io|mio|eu|meu|ik|mijn)\b", re.IGNORECASE
)


def without_banner(text: str) -> str:
    """Strip the banners at the beginning of a mail; the whole text where nothing else stands in it."""
    lines = text.split("\n")
    at = 0
    while at < len(lines) and (not lines[at].strip() or (length := _banner_length(lines, at))):
        at += 1 if not lines[at].strip() else length
    return "\n".join(lines[at:]).strip() or text


def without_banners(lines: Sequence[str]) -> list[str]:
    """Leave out the banners within a quoted mail."""
    kept: list[str] = []
    at = 0
    while at < len(lines):
        length = _banner_length(lines, at)
        if not length:
            kept.append(lines[at])
        at += length or 1
    return kept


def _banner_length(lines: Sequence[str], at: int) -> int:
    """Return how many lines from this one on are a banner, and nothing else; 0 where none begins there."""
    longest, joined = 0, ""
    if not any(_KEY.search(line[:_MAX_LENGTH]) for line in lines[at : at + _MAX_LINES]):
        return 0
    for count, line in enumerate(lines[at : at + _MAX_LINES], start=1):
        said = line.strip()
        # A banner that could end here goes on in a line that begins a sentence of its own, or within one.
        if not said or (longest and not (joined.endswith((".", "!", "]", ":", "。")) or said[0].islower())):
            break
        joined = f"{joined} {said}".strip()
        if len(joined) > _MAX_LENGTH:
            break
        if _is_banner(joined):
            longest = count
    return longest


def _is_banner(text: str) -> bool:
    """Return whether each sentence is a banner's, and they say more than that a mail is from outside."""
    said = [one.strip() for one in _SENTENCE_END.split(text) if one.strip()]
    alone = [one for one in said if _is_alone(one)]
    origins = [one for one in said if _ORIGIN.search(one) is not None]
    warnings = [one for one in said if _MARKER.fullmatch(one) or _ADVICE.search(one)]
    return (
        bool(alone or (origins and warnings))
        and len({*alone, *origins, *warnings}) == len(set(said))
        and not any(map(_PERSONAL.search, said))
    )


def _is_alone(sentence: str) -> bool:
    is_tag = sentence.startswith(("[", "*")) and _MARKER.fullmatch(sentence) is not None
    return is_tag or _ALONE.fullmatch(sentence) is not None
