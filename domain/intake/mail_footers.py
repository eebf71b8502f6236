"""Strip what mail programs and mailing lists put below a text."""

import re
from collections.abc import Sequence

from domain.intake.quote_headings import MARK

#: How a program's advertisement of itself begins, with the preposition: "I sent a mail" is a person's.
_BEGINNINGS = (
    "sent (?:from|via|using|with)|sent by (?:my|outlook)|(?:get|download) outlook (?:for|on) ",
    "gesendet (?:von|mit|aus|über|via)|holen sie sich outlook",
    "envoyée? (?:de|depuis|à partir|avec) |(?:obtenir|obtenez|télécharge[rz]) outlook",
    "enviad[oa] (?:desde|con|a través|a partir|do|da|pelo|através|via) |(?:obtener|obtén|descargar?|obter o) outlook",
    "enviat (?:des|amb) |inviat[oa] (?:da|dal|con|tramite)|(?:scarica|ottieni) outlook",
    "(?:verzonden|verstuurd) (?:van|met|via)|skickat (?:från|med|via)|hämta outlook",
    "sendt (?:fra|med|via)|(?:hent|få|skaff deg|hanki) outlook|lähetetty ",
    "wysłan[oaey] (?:z|za|przez) |pobierz (?:aplikację )?outlook|poslano (?:s|sa|z) ",
    r"od(?:esl[aá]no|oslané) (?:z|ze|pomocí) |(?:stáhn\w*|získat) outlook|trimis (?:de pe|din|cu) ",
    "elküldve (?:az? )?|az outlook (?:letöltése|beszerzése)",
    "отправлено (?:с|со|из|через) |надіслано (?:з|із|через) |(?:скачать|получить) outlook|στάλθηκε (?:από|με) ",
    "[أا]ُ?رسلت? من |الحصول على outlook|נשלח מ|קבל את outlook|[发發]自|傳送自|(?:获取|下载|取得).{0,8} ?outlook",
    "ส่งจาก|(?:รับ|ดาวน์โหลด) outlook|dikirim dari|dihantar (?:daripada|dari)|(?:được |đã )?gửi từ|yahoo mail: search, ",
)
_PROGRAM = re.compile(
    r"iphon|ipad|ipod|android|outlook|gmail|yahoo|samsung|galaxy|huawei|xiaomi|nokia|motorola|sony|blackberry|"
    r"windows|mail|handy|smartphone|mobil|telefon|tablet|phone|tel[eé]fono|cellulare|gmx|web\.de|proton|apple|watch|"
    r"\bmac\b|\bspark\b|\bsuperhuman\b|\bspike\b|\bhey\b|thunderbird|\baol\b|приложени|почт|телефон|смартфон|手[机機]|スマートフォン",
    re.IGNORECASE,
)
#: What is sent by post, from a place or from a number, and what is asked for: no program's line.
_NO_PROGRAM = re.compile(
    r"\bplease (?!excuse|pardon|forgive|ignore)|\bbitte (?!entschuldig|verzeih)|\b(?:num(?:ber|mer|éro)|número)\b|royal mail|\bby (?:air)?mail\b|\b(?:store|shop|tracking|parcel|letter|street)\b",
    re.IGNORECASE,
)
#: The same in languages that put the verb at the end.
_ENDINGS = (
    "(?:diese (?:nachricht|e-?mail) wurde )?von (?:mein|mobil|yahoo|outlook).{1,60} (?:ge|ver)(?:sendet|schickt)",
    "outlook (?:für|voor) .{1,20} (?:beziehen|herunterladen|downloaden|ophalen)",
    r".{1,40}[dt][ae]n gönderildi|.{1,40}outlook['’]u edinin|outlook for .{1,9}['’]u edinin|.{1,40}r[óő]l (?:el)?küldve",
    r".{1,40}(?:から送信|を入手|에서 보[냄낸]|outlook (?:다운로드|받기)).{0,3}|[从從].{1,40}(?:[发發]送|傳送|发来的.{1,12})",
    ".{1,40} से भेजा गया",
)
_APOLOGY = r"(?:|[.,] (?:please )?(?:excuse|pardon|sorry for) .{1,40})"
_ADVERTISEMENT = re.compile(
    rf"(?:(?:{'|'.join(_BEGINNINGS)}).{{1,80}}?|{'|'.join(_ENDINGS)}){_APOLOGY}", re.IGNORECASE
)
_LINK = re.compile(r"<https?://[^<>\s]{1,300}>|\[https?://[^\]\s]{1,300}\]|\( ?https?://[^\s()]{1,300} ?\)")
_RULE = re.compile(r"\s*[_=*─—-]{2,}\s*")
_MAX_ADVERTISEMENT_WORDS = 14
_LIST_FOOTER = re.compile(
    r"^(?:-- ?|_{20,})\n.{0,300}(?:unsubscribe|mailing list)", re.IGNORECASE | re.DOTALL | re.MULTILINE
)

_MAX_LIST_FOOTER = 1_500  # characters
_SIGNATURE_RULE, _MAX_SIGNATURE_LINES = re.compile(r"--\s*"), 12
#: What companies have put below each mail of theirs, and whom they say that it is for.
_CONFIDENTIAL = re.compile(
    r"confiden[tc]i|vertraulich|riservat|vertrouwelijk|poufn|důvěrn|fortrolig|konfidentiell|luottamuksel|bizalmas|gizli|конфиденц|"
    r"gesetzlich geschützt|privileged|机密|機密|기밀|سري",
    re.IGNORECASE,
)
_READER = re.compile(
    r"intended|recipient|addressee|empfänger|adressat|destinatai?r|geadresseerde|ontvanger|adresat|příjemc|modtager|mottag|"
    r"vastaanottaj|címzett|alıcı|адресат|получател|收件人|受信者|수신인|المرسل إليه",
    re.IGNORECASE,
)
_MIN_DISCLAIMER = 60  # characters


def without_advertisement(text: str) -> str:
    """Strip lines at the end in which a mail program or a mailing list names itself, and rules above them."""
    lines = text.split("\n")
    while lines and (not lines[-1].strip() or _RULE.fullmatch(lines[-1]) or _is_advertisement(lines)):
        lines.pop()
    return "\n".join(lines).strip()


def without_list_footer(text: str) -> str:
    """Strip the footer that a mail group puts below each mail: it says by which address or link to leave."""
    found = _LIST_FOOTER.search(text)
    if found is None:
        return text
    footer = text[found.start() :]
    is_footer = len(footer) <= _MAX_LIST_FOOTER and ("@" in footer or "://" in footer)
    return text[: found.start()].rstrip() if is_footer else text


def footer_below_quote(lines: Sequence[str]) -> int:
    """Return where what a program put below the last marked line begins; the number of lines without it.

    That is a signature below its two dashes, an advertisement, or a company's note on confidentiality.
    """
    at = len(lines)
    while at and MARK.match(lines[at - 1]) is None:
        at -= 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    below = "\n".join(lines[at:]).strip()
    is_signature = (
        at < len(lines)
        and _SIGNATURE_RULE.fullmatch(lines[at]) is not None
        and len(lines) - at <= _MAX_SIGNATURE_LINES
    )
    is_footer = is_signature or (bool(below) and not without_advertisement(below)) or _is_disclaimer(below)
    return at if is_footer else len(lines)


def _is_disclaimer(text: str) -> bool:
    """Return whether a company says for whom its mails are; a person who asks about that is none."""
    return (
        _MIN_DISCLAIMER <= len(text) <= _MAX_LIST_FOOTER
        and "?" not in text
        and _CONFIDENTIAL.search(text) is not None
        and _READER.search(text) is not None
    )


def _is_advertisement(lines: list[str]) -> bool:
    """Return whether the last line, a paragraph of its own, is an advertisement."""
    last = _LINK.sub("", lines[-1]).strip()
    is_alone = len(lines) == 1 or not lines[-2].strip() or _RULE.fullmatch(lines[-2]) is not None
    return (
        is_alone
        and len(last.split()) <= _MAX_ADVERTISEMENT_WORDS
        and not last.endswith(("?", "!"))
        and _ADVERTISEMENT.fullmatch(last.rstrip(".")) is not None
        and _PROGRAM.search(last) is not None
        and _NO_PROGRAM.search(last) is None
    )
