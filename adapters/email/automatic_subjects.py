"""Recognise automatic answers by their subjects, in the languages of their users."""

import re
from collections.abc import Sequence

#: What only programs write, before a colon, a dash, a bracket or "Re:", or as the whole subject.
_PREFIXES = (
    r"auto(?:matic|mated)?[ -]?(?:reply|response|responder)|out of (?:the )?office(?: (?:auto-?reply|notification))?|"
    r"away from (?:the |my )?(?:office|mail|e-mail)|vacation (?:reply|response|notice)|on vacation|ooo",
    r"automatische (?:antwort|abwesenheitsnotiz)(?: auf)?|abwesenheits(?:notiz|nachricht|meldung|assistent)|abwesend",
    r"réponse automatique|(?:message|notification) d['’]absence|absence du bureau",
    r"respuesta autom[áa]tica|fuera de (?:la )?oficina|ausencia de la oficina",
    r"risposta automatica|risponditore automatico|fuori (?:sede|ufficio)",
    r"resposta autom[áa]tica|fora do escritório|ausência tempor[áa]ria|ausente do escritório",
    r"automatisch antwoord|automatische beantwoording|afwezig(?:heid(?:sbericht|sassistent)?)?",
    r"autosvar|automatiskt? svar|frånvaromeddelande|fraværsmelding|automaattinen vastaus|poissaoloilmoitus",
    r"odpowiedź automatyczna|automatyczna odpowiedź|autoodpowiedź|automatick[áy] odpov[ěe]ď|automatikus válasz",
    r"házon kívül|răspuns automat|automatski odgovor|samodejni odgovor|automatinis atsakymas|automātiskā atbilde",
    r"automaatvastus|otomatik (?:yanıt|cevap)|[iİ]şyerinde değil|ofis dışında|автоматический ответ|автоответ(?:чик)?",
    r"автоматична відповідь|автоматичен отговор|αυτόματη απάντηση|رد تلقائي|الرد التلقائي|תשובה אוטומטית|מענה אוטומטי",
    r"מחוץ למשרד|自动(?:答复|回复)|外出(?:自动)?(?:答复|回复)|自動(?:回覆|応答|返信)|不在(?:通知|のお知らせ)|자동 ?(?:회신|응답|답장)",
    r"부재중 ?(?:알림|자동 ?응답)|ตอบกลับอัตโนมัติ|(?:thư )?trả lời tự động|balasan (?:otomatis|automatik)|awtomatikong tugon",
    r"resposta automàtica|erantzun automatikoa|(?:аутоматски|автоматски) одговор|аўтаматычны адказ|автоматты жауап",
    r"sjálfvirkt svar|përgjigje automatike|ymateb awtomatig|freagra uathoibríoch|outomatiese antwoord|avtomatik cavab|avtomatski odgovor",
    r"autorisposta|(?:mensaje|mensagem) autom[áa]tic[oa]|message automatique|réponse automatique de [^:]{1,60}|odp\. autom\.|"
    r"automatische antwort ?/ ?abwesenheit|távollét(?:i (?:értesítés|üzenet))?|απουσία από το γραφείο|(?:رد|الرد) [آا]لي|自動回信|"
    r"jawaban otomatis|автовідповідь|tự động trả lời|स्वतः उत्तर|fraværs(?:besked|meddelelse)|auto-?antwoord|auto-?svar",
    r"پاسخ خودکار|خودکار جواب|स्वचालित (?:उत्तर|जवाब)|ავტომატური პასუხი|ավտոմատ պատասխան|jibu la kiotomatiki",
)
#: What a person may write, too: only where the subject that is answered follows, or nothing.
_UNCLEAR_PREFIXES = (
    r"auto|away|vacation|holiday|abwesenheit|urlaub|ich bin im urlaub|absen(?:t|ce)|congés?|ausente|ausencia|assente",
    r"ausência|niet aanwezig|frånvaro|fraværende|ikke til ?stede|poissa|nieobecność|nepřítomnost|отсутствую|부재중|不在",
    r"(?:out of|not in the) office|nicht im (?:büro|haus)|außer haus|absente?(?:\(e\))? du bureau|niet op kantoor",
    r"(?:fuera|ausente) de (?:la )?oficina|assenza dall['’]ufficio|inte på kontoret|ikke på kontoret|poissa toimistosta",
    r"poza biurem|mimo kancelář|absent(?:ă)? de la birou|εκτός γραφείου|вне офиса|поза офісом|خارج المكتب",
    r"ไม่อยู่ที่(?:สำนักงาน|ทำงาน)|不在[办辦]公室|vắng mặt|di luar kantor|извън офиса|izvan ureda|van kancelarije|izven pisarne",
    r"(?:i(?:['’]m| am) )?(?:currently )?(?:away|on (?:annual |sick |parental |maternity )?leave|out of (?:the )?office)|"
    r"annual leave|away from my desk|ich bin (?:zur ?zeit |derzeit )?(?:nicht im (?:büro|haus)|abwesend)|im urlaub",
    r"en congés?|en vacances|(?:je suis )?absente?|(?:estoy )?(?:de|en) vacaciones|in ferie|(?:estou )?de férias|em férias",
    r"ausência do escritório|met vakantie|op vakantie|op verlof|på semester|på ferie|fravær|na urlopie|na dovolené|na dovolenke",
    r"nem vagyok az irodában|szabadságon|în concediu|absent din birou|lomalla|izinde|tatilde|в отпуске|у відпустці|σε άδεια",
    r"في إجازة|בחופשה|در مرخصی|休暇中|休假|휴가(?: ?중)?|ลาพักร้อน|nghỉ phép|sedang cuti",
)
#: The same, where the subject that is answered follows: alone they may be what a mail is about.
_ABSENCES = (
    r"(?:jeg er )?på ferie|vakantie|(?:olen )?lomalla|semester|férias|(?:estou )?ausente|vacaciones|vacances|ferie|odsotnost|dovolená|"
    r"ofis dışındayım|απουσία|外出中|出張中|休假中|távol vagyok|відсутній|отпуск|відпустка|urlop",
)
#: Receipts that say whether our mail was read, or was deleted unread.
_RECEIPTS = (
    r"(?:not )?read|deleted|(?:un)?gelesen|gelöscht|(?:non )?lu|supprimé|(?:no )?leído|eliminado|letto|eliminato|(?:não )?lida?",
    r"(?:niet )?gelezen|(?:o)?läst|læst|lest|luettu|przeczytano|odczytano|přečteno|prečítané|olvasott?|elolvasva|okundu",
    r"прочитано|прочетено|διαβάστηκε|开封|開封済み|已[读讀]|읽음|נקרא|مقروءة?|تمت القراءة|อ่านแล้ว|đã đọc",
)
_ANSWER = r"(?:re|aw|sv|vs|r|rif|ref|réf|antw?|odp|ynt|vá|res|回复|回覆|답장|返信)\s*[:：]"
#: Lotus Notes: "AUTO: Jo Bo is out of the office (returning 12/07/2026)"; "Jo Bo ist außer Haus."
_SENTENCE = (
    r"(?:auto\s?:\s*)?[^:?]{1,80}\b(?:is (?:currently )?out of (?:the )?office|ist (?:außer haus|nicht im (?:haus|büro))|"
    r"est absente?(?:\(e\))? du bureau|(?:è|e') fuori (?:sede|ufficio)|está (?:ausente|fuera de la oficina)|"
    r"is (?:niet|afwezig op) (?:op )?kantoor)(?:\s*\(.{1,60}\)|\s+(?:until|till|bis|jusqu|hasta|tot)\b[^?]{1,60})?\s*[.!]?",
    r"(?:i am |i'm )?(?:out of (?:the )?office|abwesend|afwezig)\s+(?:until|till|from|bis|vom|tot|van)\b"
    r"[^?,]{1,40}(?:,[^?,]{0,20}\d[^?,]{0,20})?",
)
#: The same in brackets, which no person puts around it.
_BRACKETED = r"[\[【](?:不在|外出中|休暇中|出張中|부재중|휴가(?:중)?|休假|外出)[\]】]"
_AUTOMATIC = re.compile(
    rf"{_BRACKETED}|[\[【(]?(?:{'|'.join(_PREFIXES)})\s*(?:[:：\]】)]|[-–]\s|$|\s{_ANSWER})|"
    rf"(?:{'|'.join(_UNCLEAR_PREFIXES)})\s*[:：]?\s*(?:{_ANSWER}|$)|(?:{'|'.join(_ABSENCES)})\s*[:：]?\s*{_ANSWER}|(?:{'|'.join(_SENTENCE)})$",
    re.IGNORECASE,
)
#: The same before a subject of ours, which no "Re:" stands before.
_BEFORE_OURS = re.compile(
    rf"(?:{'|'.join((*_UNCLEAR_PREFIXES, *_ABSENCES, *_RECEIPTS))})\s*[:：–-]\s*(?:{_ANSWER}\s*)?",
    re.IGNORECASE,
)


#: What gateways put before the subject of a mail from outside, or one that they take for spam, and the number
#: that a ticket system puts there.
_GATEWAYS = re.compile(
    r"\A(?:(?:\[[^\[\]#]{0,40}#\s?\d{1,12}\]|\[\s?(?:ext(?:ern\w{0,3})?!?|external (?:e-?mail|sender)|bulk|(?:suspected )?spam\??)\s?\]|"
    r"ext(?:ern(?:al)?)?\s?:|\*{2,5}\s?spam\s?\*{2,5})\s*){1,4}",
    re.IGNORECASE,
)


def says_automatic(subject: str, ours: Sequence[str] = ()) -> bool:
    """Return whether a program that answers by itself, and no person, writes such a subject.

    `ours` are subjects of our mails: behind what a person may write, too, only a program repeats one.
    """
    said = _GATEWAYS.sub("", subject.strip(), count=1)
    if _AUTOMATIC.match(said) is not None:
        return True
    answered = " ".join(said.split()).casefold()
    above = (answered.removesuffix(one) for one in (" ".join(one.split()).casefold() for one in ours) if one)
    return any(before != answered and _BEFORE_OURS.fullmatch(before) is not None for before in above)
