"""Strip what mail programs and mailing lists put below a text."""

import re

_SENT = (
    "sent|get outlook|gesendet|verschickt|beziehen|enviad|obt[eé]n|descarg|envoy|obtenir|télécharg|inviat|"
    "scarica|ottieni|verzonden|verstuurd|download|skickat|hämta|sendt|hent|lähetetty|wysłan|pobierz|odesl|"
    "stáhn|trimis|elküld|küldve|gönder|отправлен|надіслан|στάλθηκε|أرسل|نشلח|נשלח|发自|发送|發送|送信|보냄|보낸|"
    "ส่งจาก|dikirim|gửi từ"
)
_PROGRAM = (
    "iphone|ipad|ipod|android|outlook|gmail|yahoo|samsung|galaxy|huawei|xiaomi|nokia|motorola|sony|blackberry|"
    "windows|mail|handy|smartphone|mobil|mobile|telefon|tablet|phone|tel[eé]fono|cellulare|gmx|web\\.de|proton"
)
#: A program's advertisement of itself below the text: one short line that names it.
_ADVERTISEMENT = re.compile(rf"(?=.*(?:{_SENT}))(?=.*(?:{_PROGRAM})).{{5,100}}", re.IGNORECASE)
_LINK = re.compile(r"<https?://[^<>\s]{1,300}>|\[https?://[^\]\s]{1,300}\]")
_RULE = re.compile(r"\s*[_=*─—-]{2,}\s*")
_MAX_ADVERTISEMENT_WORDS = 9
_LIST_FOOTER = re.compile(
    r"^(?:-- ?|_{20,})\n.{0,300}(?:unsubscribe|mailing list)", re.IGNORECASE | re.DOTALL | re.MULTILINE
)


def without_advertisement(text: str) -> str:
    """Strip lines at the end in which a mail program or a mailing list names itself, and rules above them."""
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1]) or _is_advertisement(lines)):
        lines.pop()
    return "\n".join(lines).strip()


def without_list_footer(text: str) -> str:
    """Strip the footer that a mail group puts below each mail."""
    found = _LIST_FOOTER.search(text)
    return text[: found.start()].rstrip() if found is not None else text


def _is_advertisement(lines: list[str]) -> bool:
    """Return whether the last line, a paragraph of its own, is an advertisement."""
    last = _LINK.sub("", lines[-1]).strip()
    is_alone = len(lines) == 1 or not lines[-2].strip()
    return (
        is_alone
        and len(last.split()) <= _MAX_ADVERTISEMENT_WORDS
        and not last.endswith(("?", "!"))
        and _ADVERTISEMENT.fullmatch(last) is not None
    )
