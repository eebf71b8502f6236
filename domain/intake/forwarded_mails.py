"""Tell mails that a customer passes on: what stands in them is shown whole, as it is no quote."""

import re
from collections.abc import Iterable

#: The words of the line above a mail that is passed on, also where the subject does not say so.
_WORDS = (
    "forwarded (?:message|mail|by|from)|weitergeleitete[nrs]? (?:nachricht|mail|e-mail)|weitergeleitet von",
    "(?:message|courriel|e-mail) (?:transféré|réexpédié)|(?:transféré|réexpédié) par",
    "mensaje reenviado|reenviado por|mensagem (?:encaminhada|reencaminhada)|(?:re)?encaminhad[ao] por",
    "missatge reenviat|messaggio inoltrato|inoltrato da|doorgestuurd (?:bericht|door)",
    "vidarebefordrat|vidarebefordrad|videresendt|välitetty viesti|edelleenlähetetty|edastatud kiri",
    "przekazan[aey]j? (?:wiadomoś|przez)|przekazywanej wiadomoś|p[rř]epos(?:laná|ílaná|lal)|preposlaná správa",
    "továbbított üzenet|továbbítva|mesaj redirecționat|proslijeđena poruka|posredovano sporočilo",
    "(?:пересылаемо|пересланно|переадресованно|переслано)|пересилається|препратено съобщение",
    "προωθημέν|iletilen (?:ileti|mesaj|posta)|yönlendirilen|הודעה שהועברה|הודעה מועברת|הועבר על ידי",
    "رسالة (?:معاد|مُعاد|أعيد|موجهة)|الرسالة المعاد|تمت إعادة توجيه",
    "转发的?(?:邮件|信息)|轉寄的?(?:郵件|訊息)|(?:転送|fwd|fw).?(?:されたメッセージ|メッセージ|メール)",
    "전달된 ?(?:메시지|메일|편지)|tin nhắn (?:đã )?chuyển tiếp|thư (?:đã )?chuyển tiếp|pesan (?:yang )?diteruskan",
)
_TITLE = re.compile("|".join(_WORDS), re.IGNORECASE)
_MAX_LENGTH = 160  # characters of the line
#: Rules around the title, or the colon below which the mail begins; a person's sentence has neither.
_RULED = re.compile(r"\s{0,20}(?:[-=*_~#—–─]{3,}.*|.*[:：]\s*)")
#: What programs put before the subject, in the languages of their users; "Re: Fw: x" is an answer.
_PREFIXES = (
    "fwd?|wg|wtrlt|tr|trf|rv|rnv|reenv|enc|i|inoltra(?:to)?|vl|doorst|vb|pd|prz|edasi|fs|továbbítva|tov|tovább",
    "redirecționat|rdr|i̇?lt|İlt|yönl|πρθ|προωθ|пер|пересл|fwd?\\[\\d\\]|прп|ct|trs|bls fwd|הועבר|הע|إعادة توجيه",
    "转发|轉寄|转寄|轉發|転送|전달|ส่งต่อ",
)
_SUBJECT = re.compile(
    rf"\s*(?:\[[^\]\n]{{1,30}}\]\s*)?(?:(?:{'|'.join(_PREFIXES)})\s*[:：]|.{{0,280}}\(fwd\)\s*$)",
    re.IGNORECASE,
)
#: In Danish and Norwegian a mail that is passed on, in Finnish an answer.
_DANISH_SUBJECT, _DANISH_SENDER = re.compile(r"\s*vs\s*:", re.IGNORECASE), re.compile(r"[\s*]*Fra\s*:\s")


def is_forward(subject: str, lines: Iterable[str]) -> bool:
    """Return whether the subject, or the line above it, says that another mail is passed on."""
    if _SUBJECT.match(subject) is not None:
        return True
    is_danish = _DANISH_SUBJECT.match(subject) is not None
    return any(_is_title(line) or (is_danish and _DANISH_SENDER.match(line) is not None) for line in lines)


def _is_title(line: str) -> bool:
    return len(line) <= _MAX_LENGTH and _RULED.fullmatch(line) is not None and _TITLE.search(line) is not None
