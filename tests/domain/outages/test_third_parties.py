"""Find where a notice blames another company, and leave alone what only names one."""

import pytest

from domain.outages.notice_checks import Fault
from domain.outages.third_parties import blamed_party
from tests.domain.outages.test_notice_checks import faults

BLAMES = [
    "Card payments fail because Stripe broke it.",
    "Payments fail, because Stripe is down again.",
    "Because Stripe broke it, card payments fail.",
    "No push messages since Firebase stopped working.",
    "Payments do not work because Stripe is down.",
    "Logins fail because Okta's own servers have crashed.",
    "We are offline because Northwind Hosting has had a huge outage.",
    "Payments fail because Fabrikam made a mistake.",
    "It is all Cloudflare’s fault.",
    "AWS let us down today.",
    "You can blame Fabrikam.",
    "Parcels are late because of DHL.",
    "Card payments fail\nbecause\nStripe messed up.",
    "Zahlungen gehen nicht, weil Stripe ausgefallen ist.",
    "Wegen Cloudflare ist unsere Seite weg.",
    "Die Schuld liegt bei PayPal.",
    "Les paiements échouent parce que Stripe a tout cassé.",
    "Le site est lent à cause de Cloudflare.",
    "Fallan los pagos porque Stripe ha fallado.",
    "No hay envíos por culpa de DHL.",
    "I pagamenti non riescono perché Stripe ha sbagliato.",
    "Os pagamentos falham porque a Stripe caiu.",
    "Stripeのせいで支払いができません。",
]
#: What real notices say of themselves and of others, in words of our own.
NEUTRAL = [
    "Card payments fail for some of you. We are looking into it.",
    "Stripe has solved the problem at its end, and payments work again.",
    "We are in contact with Stripe and will tell you more.",
    "We wait for Stripe to publish a fix.",
    "An outage at AWS in us-east-1 affects our dashboard.",
    "Some logins fail, as requests to the WorkOS API are answered with an error.",
    "Payments by PayPal fail; cards work.",
    "It was not because Stripe broke it: the fault was ours.",
    "Payments fail because our Stripe integration has a bug.",
    "Payments fail because we deployed a faulty change.",
    "It was caused by Stripe integration settings that we changed.",
    "Because of Black Friday traffic, pages are slow.",
    "Payments have failed since Monday.",
    "Since Friday payments have failed.",
    "Since Version 4.2 crashed, we took it back.",
    "Pages are slow because Redis was out of memory.",
    "Mails are late because DNS failed for an hour.",
    "We are working on it because You matter to us.",
    "Thanks to your reports we found the fault. Slack is not affected.",
    "Zahlungen gehen nicht, weil Anfragen an die Datenbank zu lange dauern und Server ausgefallen sind.",
    "Seit Montag gehen Zahlungen nicht. Stripe hat den Fehler behoben.",
    "Les paiements échouent depuis lundi ; Stripe a corrigé le problème.",
    "Fallan los pagos porque hicimos un cambio. PayPal funciona.",
    "Stripeでの支払いができません。調査中です。",
]


@pytest.mark.parametrize("text", BLAMES)
def test_blame_of_another_company_is_found(text: str) -> None:
    assert blamed_party(text)
    assert Fault.BLAME in [fault for fault, _ in faults(text)]


@pytest.mark.parametrize("text", NEUTRAL)
def test_naming_a_company_or_a_cause_is_no_blame(text: str) -> None:
    assert blamed_party(text) is None
    assert Fault.BLAME not in [fault for fault, _ in faults(text)]


def test_the_words_are_told_as_they_stand_in_the_text() -> None:
    assert faults("Card payments fail because Stripe broke it.") == [(Fault.BLAME, "because Stripe broke")]


def test_our_own_components_are_nobody_else() -> None:
    text = "Orders wait because Checkout is down."
    assert blamed_party(text) == "because Checkout is down"
    assert blamed_party(text, ours=("Payments", "Checkout")) is None
