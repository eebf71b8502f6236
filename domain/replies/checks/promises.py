"""Find promises of a time or of money in a reply."""

import re
from collections.abc import Callable

from domain.replies.checks.reply import PromiseKind, Reply, normalize, sentences

_N = r"\d{1,3}(?: ?(?:-|–|to|bis|a|à|o|of|ou|tot|e) ?\d{1,3}|)"
_DAY = r"(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DAY_ES = r"(?:lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
_MONTH_ES = r"(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
_DAY_FR = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)"
_MONTH_FR = r"(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_DAY_DE = r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)"
_MONTH_DE = r"(?:januar|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember)"
_DAY_PT = r"(?:(?:segunda|terça|quarta|quinta|sexta)(?:[- ]feira)?|sábado|domingo)"
_MONTH_PT = r"(?:janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)"
_DAY_IT = r"(?:lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica)"
_MONTH_IT = (
    r"(?:gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre)"
)

#: In each language: what makes a sentence ours and of the future, and the time that it names.
_TIMES = tuple(
    (re.compile(future, re.IGNORECASE), re.compile(time, re.IGNORECASE))
    for future, time in (
        (
            r"\b(?:(?:we'll|we will)(?! be (?:at|open|closed|live|here))|we are going to|we're going to|we promise|we guarantee|you'll|you will|it'll|it will|i'll|i will|will be(?! (?:at|open|closed|live|here))"
            r"|(?:it|parcel|package|order|refund|money) (?:arrives|ships|lands)|should (?:be (?:fixed|back|there|with you|working|resolved|sorted)|arrive|reach you))\b",
            rf"\b(?:(?:with)?in(?: the next)?|in (?:less|no more) than) (?:{_N}|one|two|three|four|five|six|ten|an?)"
            r" (?:more )?(?:minutes?|mins?|hours?|hrs?|(?:business |working )?days?|weeks?)\b"
            rf"|\bby (?:tomorrow|tonight|noon|midnight|{_DAY}|the end of (?:the|this) (?:day|week)|end of day)\b"
            rf"|\b(?:today|tonight|tomorrow|(?:on|this|next) {_DAY}|(?:by|on) (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th|)(?: of | ){_MONTH}|{_MONTH} \d{{1,2}})"
            r"|(?:this|next) week)\b",
        ),
        (
            r"\b(?!estaremos|abriremos)\w+(?:remos|rán?|rás)\b|\b(?:vamos|va|vas) a\b|\b(?:te|le|lo|os) (?:contestamos|respondemos|llamamos|escribimos)\b"
            r"|\b(?:llegan?|sale|recibes?|reciben|lo (?:tienes|tiene|tenéis)|(?:te|le|os) (?:llama|llaman|escriben|enviamos|mandamos))\b",
            rf"\b(?:en(?: un plazo de| menos de)?|dentro de|antes de) (?:las próximas |)(?:{_N}|un[ao]?|dos|tres)"
            r" (?:minutos?|horas?|días?(?: (?:hábiles|laborables))?|semanas?)\b|\b(?:(?:pasado )?mañana|hoy(?: mismo)?|esta (?:tarde|noche|semana))\b"
            rf"|\b(?:el|este|(?:para|antes d)el|el próximo) {_DAY_ES}\b|\bel \d{{1,2}} de {_MONTH_ES}\b|\bla (?:próxima semana|semana que viene)\b",
        ),
        (
            r"\b(?!serons|ouvrirons)\w+(?:rons|rez|ront)\b|\b(?:sera|seras|recevra|arrivera|reviendra|rappellera|répondra)\b|\b(?:allons|allez|va) \w+(?:er|ir|re)\b"
            r"|\b(?:arrive(?:nt)?|part|repart|recevez|reçois|rappelle|rappelons|répondons|l'(?:avez|aurez|auras))\b",
            rf"\b(?:dans|sous|d'ici|en moins de) (?:les? |)(?:{_N}|une?|deux|trois)"
            r" ?(?:minutes?|heures?|h|jours?(?: ouvrés)?|semaines?)\b|\b(?:d'ici |après-)?demain\b|\baujourd'hui\b|\bce soir\b"
            rf"|\b{_DAY_FR}\b|\ble (?:\d{{1,2}}|1er) {_MONTH_FR}\b|\b(?:cette semaine|la semaine prochaine)\b",
        ),
        (
            r"\b(?:wird|werden|melden uns|meldet sich|bekommst|bekommen sie|erhältst|erhalten sie|kommt|erstatten|schicken (?:dir|ihnen)|rufen|antworten"
            r"|beheben|hast du(?! am)|haben sie(?! am)|kommen|trifft|geht|liefern|ruft)\b",
            rf"\b(?:innerhalb(?: von)?|binnen|in(?: den nächsten)?|spätestens in) (?:{_N}|ein(?:er|em)|zwei|drei)"
            r" (?:minuten?|stunden?|(?:werk)?tage?n?|wochen?)\b|\b(?:bis|spätestens) (?:morgen|heute abend)\b"
            rf"|\b(?:am|bis|ab|spätestens|nächsten|diesen) {_DAY_DE}\b|\b(?:am|bis|bis zum) \d{{1,2}}(?:\.|$| {_MONTH_DE}\b)"
            r"|\b(?:heute noch|noch heute|übermorgen|(?:diese|nächste) woche)\b|(?<!guten )\bmorgen\b(?! (?:ab|von|zwischen|um|geöffnet|geschlossen))",
        ),
        (
            r"\b(?!estaremos|abriremos)\w+(?:remos|rá|rão)\b|\bvamos\b|\bvai\b|\b(?:chegam?|recebe|sai|ligamos|respondemos|enviamos)\b",
            rf"\b(?:em(?: até)?|dentro de|no prazo de|até|em menos de) (?:{_N}|um[a]?|dois|duas|três)"
            r" (?:minutos?|horas?|dias?(?: úteis)?|semanas?)\b|\b(?:(?:depois de )?amanhã|hoje(?: mesmo)?)\b"
            rf"|\b(?:na|no|até|nesta|neste|próxim[ao]) {_DAY_PT}\b|\b(?:em|no dia|até|dia) \d{{1,2}} de {_MONTH_PT}\b|\b(?:esta|nesta|(?:na )?próxima) semana\b|\bsemana que vem\b",
        ),
        (
            r"\b(?!saremo|apriremo)\w+(?:remo|rà|rai|ranno|rete)\b|\b(?:arrivano|arriva|ricevi|riceve|parte|chiamiamo|rispondiamo|inviamo)\b",
            rf"\b(?:entro|tra|fra|in meno di|nel giro di|in) (?:{_N}|un[ao]?|due|tre)"
            r" (?:minut[oi]|or[ae]|giorn[oi](?: lavorativi)?|settiman[ae])\b|\b(?:entro )?(?:dopodomani|domani|oggi|stasera)\b"
            rf"|\b{_DAY_IT}\b|\b(?:il|entro il) \d{{1,2}} {_MONTH_IT}\b|\b(?:questa settimana|la (?:prossima settimana|settimana prossima))\b",
        ),
        (
            r"\b(?:zullen|zal|krijgt|nemen|wordt|worden|hoort|lossen|bellen)\b",
            rf"\b(?:binnen|over|in minder dan) (?:{_N}|een|twee|drie) (?:minuten|minuut|uur|uren|(?:werk)?dag(?:en)?|we(?:ek|ken))\b"
            r"|\b(?:voor morgen|morgen|vandaag nog|nog vandaag|vanavond)\b",
        ),
        (
            r"\b\w+[ae]ca(?:ğ|k)\w*|\b\w+[ae]ce(?:ğ|k)\w*",
            rf"\b(?:{_N}|bir|iki|üç) (?:dakika|saat|(?:iş )?gün|hafta)\w* içinde\b|\b(?:yarın|bugün)\b",
        ),
        (
            r"します|いたします|致します|なります|できます|れます",
            r"\d{1,3} ?(?:分|時間|日|営業日|週間)以内|(?:本日|今日|明日|今週)中|明日までに",
        ),
        (r"(?:^|\W)(?:س|سوف )\w+", r"خلال (?:\d{1,3} )?(?:دقيقة|دقائق|ساعة|ساعات|ساعتين|يوم|يومين|أيام|أسبوع)|غد[اً]ا?ً?\b"),
    )
)  # fmt: skip

_REFUND = r"(?:refund|money back|vouchers?|credit|compensation|discount|gift card|free \w+)"
_MONEY = re.compile(
    r"\b(?:(?:we|i)(?:'ll| will| are going to|'re going to| promise to)(?: \w+ly| also| of course| happily| now)?"
    r" (?:refund|reimburse|compensate|credit|waive|pay (?:you )?(?:back|for))"
    rf"|(?:we|i)(?:'ll| will| can) (?:give|send|offer|get) you (?:a |an |your |the |some )?(?:[\w€$£%]+ ){{0,3}}{_REFUND}"
    r"|you(?:'ll| will) (?:get|receive|be (?:given|sent)) (?:a |an |your |the |all )?(?:[\w€$£%]+ |)"
    rf"{_REFUND}|you(?:'ll| will) be (?:fully )?(?:refunded|reimbursed|compensated|credited)"
    r"|we guarantee (?:a|your) (?:full )?refund"
    r"|(?:te|le|os|les|lo) (?:devolveremos|reembolsaremos|abonaremos|compensaremos|regalaremos|descontaremos)"
    r"|(?:te|le|os|les|lo)? ?vamos a (?:reembolsar|abonar|compensar|regalar|descontar|devolver)(?:te|le|os|les|lo)?"
    r"|reembolsaremos|compensaremos|(?:recibirás|recibirá) (?:el|tu|su|un) (?:reembolso|dinero|descuento|vale)"
    r"|(?:vous |te )?(?:rembourserons|dédommagerons|créditerons|offrirons)|allons (?:vous )?(?:rembourser|dédommager|offrir)"
    r"|vous serez (?:intégralement )?(?:remboursée?|dédommagée?)|vous recevrez (?:un|votre|le) (?:remboursement|bon|avoir)"
    r"|wir (?:erstatten|vergüten) (?:dir|ihnen)|wir (?:zahlen|überweisen) (?:dir|ihnen)[^.!?]{0,40} zurück"
    r"|wir schreiben (?:dir|ihnen)[^.!?]{0,40} gut\b|wir werden (?:dir|ihnen)[^.!?]{0,40}(?:erstatten|zurückzahlen|gutschreiben|entschädigen)"
    r"|(?:du bekommst|sie bekommen|sie erhalten|du erhältst)[^.!?]{0,30}(?:geld zurück|gutschein|rabatt|erstattung|gutschrift|\d ?(?:€|euro))"
    r"|(?:reembolsaremos|creditaremos|compensaremos|estornaremos)|vamos (?:te |lhe |o )?(?:reembolsar|creditar|estornar|compensar|devolver o (?:seu )?(?:dinheiro|valor))"
    r"|(?:vai receber|receberá) (?:o |um |seu |o seu )(?:reembolso|dinheiro|desconto|vale|estorno)"
    r"|(?:rimborseremo|risarciremo|accrediteremo|regaleremo)|(?:riceverà|riceverai) (?:il|un|il suo) (?:rimborso|buono|sconto)"
    r"|we (?:betalen|storten)[^.!?]{0,40} terug|(?:zullen|gaan) [^.!?]{0,40}(?:terugbetalen|vergoeden)|(?:je krijgt|u krijgt)[^.!?]{0,25}(?:geld terug|korting|tegoed|terugbetaling|vergoeding)"
    r"|(?:iade|telafi) ed(?:eceğiz|ilecek)|indirim yapacağız|ödeyeceğiz)\b"
    r"|(?:全額)?(?:返金|補償|弁償)(?:いたします|致します|します|させていただきます)|سنعيد [^.!؟]{0,20}(?:المبلغ|المال|نقود|أموال)|سنعوض",
    re.IGNORECASE,
)
_NEAR = 80  # characters before a promise in which it may be made conditional
_NOT_BEFORE = re.compile(
    r"\b(?:cannot|can't|if|whether|unless|wann|ob|wenn|si|se|als|cuándo|quand|quando|when)\b[^,]{0,60}$",
    re.IGNORECASE,
)


def promises_time(reply: Reply) -> bool:
    """Return whether a time is promised that is not in the saved reply, or that may never be promised."""
    return _promises(reply, PromiseKind.TIME, _times)


def promises_money(reply: Reply) -> bool:
    """Return whether money is promised that is not in the saved reply, or that may never be promised."""
    return _promises(reply, PromiseKind.MONEY, _sums)


def _promises(reply: Reply, kind: PromiseKind, find: Callable[[str], frozenset[str]]) -> bool:
    promised = find(reply.text)
    if kind in reply.never_promise:
        return bool(promised)
    return bool(promised.difference(*map(find, reply.saved_texts)))


def _times(text: str) -> frozenset[str]:
    return frozenset(
        found.group().casefold()
        for sentence in sentences(normalize(text))
        for future, time in _TIMES
        if future.search(sentence)
        for found in time.finditer(sentence)
    )


def _sums(text: str) -> frozenset[str]:
    return frozenset(
        found.group().casefold()
        for sentence in sentences(normalize(text))
        for found in _MONEY.finditer(sentence)
        if not _NOT_BEFORE.search(sentence[max(0, found.start() - _NEAR) : found.start()])
    )
