"""Recognize mails that a customer forwards: what stands in them is shown whole, as it is no quote."""

import re
from collections.abc import Sequence

#: The words of the line above a mail that is passed on, also where the subject does not say so.
_WORDS = (
    "forwarded (?:message|mail|by|from)|weitergeleitete[nrs]? (?:nachricht|mail|e-mail)|weitergeleitet von",
    "(?:message|courriel|e-mail) (?:transféré|transmis|réexpédié)|(?:transféré|réexpédié) par",
    "mensaje (?:reenviado|remitido)|reenviado por|mensagem (?:encaminhada|reencaminhada)|(?:re)?encaminhad[ao] por",
    "missatge reenviat|mensaxe reenvi|messaggio inoltrato|inoltrato da|doorgestuurd (?:bericht|door)|trochstjoerd berjocht",
    "vidarebefordra[dt]|videresendt|vidaresend|áframsend|välitetty viesti|edelleenlähetetty|edastatud kiri",
    r"przekazan(?:a|ej|y|e|ą) (?:wiadomoś|przez)|przekazywanej wiadomoś|przesłan\w{1,3} dalej|p[rř]epos(?:lan|íl[aá]n|lal)",
    "továbbított (?:üzenet|levél|e-mail)|továbbítva|redirecționat|proslij?eđen|posredovano sporočilo|persiųst",
    "пересыла|пересла[нл]|пересила|переадресован|перенаправлен|накіраваны ліст|препратено съобщение",
    "προωθημέν|ileti başlangıcı|ileti(?:len|lmiş) (?:ileti|mesaj|posta)|yönlendiril|përcjell|birbidalitako",
    "הודעה שהועברה|הודעה מועברת|הועבר על ידי|رسالة (?:معاد|مُعاد|أعيد|موجهة|ممر)|الرسالة المعاد|تمت إعادة توجيه",
    "转发的?(?:邮件|信息|消息)|轉[寄發]的?(?:郵件|訊息)|転送|(?:fwd|fw).?(?:メッセージ|メール)|փոխանցվող",
    "전달된 ?(?:메시지|메일|편지)|tin nhắn (?:đã )?chuyển tiếp|thư (?:đã )?chuyển tiếp|pesan (?:yang )?diteruskan",
)
_TITLE = re.compile("|".join(_WORDS), re.IGNORECASE)
_MAX_LENGTH = 160  # characters of the line
#: Rules around the title, or the colon below which the mail begins; a person's sentence has neither.
_RULED = re.compile(r"\s{0,20}[-=*_~#—–─]{3,}")
_COLON = re.compile(r"[:：]\s*$")
#: Apple's programs mark a mail that is passed on: the title, whatever its language, and the header below it.
_MARKED = re.compile(r"\s{0,3}[>＞]\s?(.*)")
_MARKED_TITLE = re.compile(r"[^\d@<>:：]{3,60}[:：]\s*")
_FIELD = re.compile(r"\*?[^\W\d_][^\d@<>:：]{0,24}[:：]\*?\s*\S.*")
_MIN_FIELDS = 3  # of a header below such a title
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


def is_forward(subject: str, lines: Sequence[str]) -> bool:
    """Return whether the subject, or the line above it, says that another mail is passed on."""
    if _SUBJECT.match(subject) is not None:
        return True
    is_danish = _DANISH_SUBJECT.match(subject) is not None
    return _has_marked_header(lines) or any(
        _is_title(line) or (is_danish and _DANISH_SENDER.match(line) is not None) for line in lines
    )


def _is_title(line: str) -> bool:
    is_ruled = _RULED.match(line) is not None or (
        len(line) <= _MAX_LENGTH and _COLON.search(line) is not None
    )
    return is_ruled and _TITLE.search(line[:_MAX_LENGTH]) is not None


def _has_marked_header(lines: Sequence[str]) -> bool:
    """Return whether a marked quote begins with a title that a header follows, which no answer's does."""
    said = [line for line in lines if line.strip(" >＞")]
    for at, line in enumerate(said):
        is_first = at == 0 or _MARKED.match(said[at - 1]) is None
        marked = _MARKED.match(line) if is_first else None
        if marked is None or _MARKED_TITLE.fullmatch(marked[1].strip()) is None:
            continue
        header = [
            found[1].strip() for one in said[at + 1 : at + 1 + _MIN_FIELDS] if (found := _MARKED.match(one))
        ]
        fields = [one for one in header if _FIELD.fullmatch(one) is not None]
        if len(fields) == _MIN_FIELDS and any("@" in one for one in fields):
            return True
    return False
