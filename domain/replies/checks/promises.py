"""Find promises of a time or of money in a reply."""

import re
from collections.abc import Callable

from domain.replies.checks.promised_times import named_times, whole_sentences
from domain.replies.checks.reply import PromiseKind, Reply, normalize, sentences
from domain.replies.time_words import LANGUAGES

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
        named.strip().casefold()
        for sentence in whole_sentences(normalize(text))
        for words in LANGUAGES
        for named in named_times(sentence, words)
    )


def _sums(text: str) -> frozenset[str]:
    return frozenset(
        found.group().casefold()
        for sentence in sentences(normalize(text))
        for found in _MONEY.finditer(sentence)
        if not _NOT_BEFORE.search(sentence[max(0, found.start() - _NEAR) : found.start()])
    )
