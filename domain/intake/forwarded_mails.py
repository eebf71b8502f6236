"""Tell mails that a customer passes on: what stands in them is shown whole, as it is no quote."""

import re
from collections.abc import Iterable

#: The line above a mail that is passed on, also where the subject does not say so.
_FORWARD_MARK = re.compile(
    r"[\s-]{0,20}(?:begin |anfang der |début du )?"
    r"(?:forwarded (?:message|mail)|weitergeleiteten? (?:nachricht|mail)|message (?:transféré|réexpédié)|"
    r"mensaje reenviado|mensagem (?:encaminhada|reencaminhada)|messaggio inoltrato|doorgestuurd bericht|"
    r"vidarebefordrat|videresendt|välitetty viesti|przekazana wiadomość|přeposlaná zpráva|"
    r"пересылаемое сообщение|iletilen ileti|הודעה שהועברה|رسالة معاد توجيهها|转发的邮件|轉寄郵件|転送メッセージ|"
    r"転送されたメッセージ|전달된 메시지)\W{0,20}",
    re.IGNORECASE,
)
_FORWARD_SUBJECT = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|enc|i|vl|doorst|vb|pd|转发|轉寄|転送|전달)\s*[:：]", re.IGNORECASE
)


def is_forward(subject: str, lines: Iterable[str]) -> bool:
    """Return whether the subject, or the line above it, says that another mail is passed on."""
    return _FORWARD_SUBJECT.match(subject) is not None or any(map(_FORWARD_MARK.fullmatch, lines))
