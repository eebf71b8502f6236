"""A call for help, or a question to others, makes no post about a payment urgent; danger beside it does."""

import pytest

from domain.triage.assessment import Assessment, Urgency
from domain.triage.situations import Reason, Situation
from handlers.classifiers import reading_classifier
from handlers.triage.classify import Classifier
from handlers.triage.trained_heads import Text


@pytest.fixture(scope="module", params=[False, True], ids=["by rules", "with the heads"])
def classifier(request: pytest.FixtureRequest) -> Classifier:
    return reading_classifier(trained=request.param)


def _assess(classifier: Classifier, text: str) -> Assessment:
    [(assessment, _)] = classifier.classify([Text(text, classifier.language(text, None))])
    return assessment


@pytest.mark.parametrize(
    "text",
    [
        "@acme socorro, não consigo pagar, o pagamento falha sempre",
        "@acme socorro, o app não aceita meu cartão. Alguém resolve?",
        "@acme alguém conseguiu pagar com cartão?",
        "@acme alguém está com problema no cartão?",
        "الحقوني @acme الدفع لا يعمل",
        "@acme ¿alguien ha podido pagar con tarjeta hoy?",
        "@acme ¿alguien está igual? no acepta mi tarjeta",
        "@acme quelqu'un a pu payer par carte ?",
        "@acme qualcuno ha risolto? il pagamento con carta non funziona",
        "@acme iemand heeft dit ook? mijn pas werkt niet",
        "@acme someone has to fix my card payment",
    ],
)
def test_a_call_for_help_alone_is_no_danger(classifier: Classifier, text: str) -> None:
    assessment = _assess(classifier, text)
    assert assessment.urgency < Urgency.URGENT
    assert assessment.situation is not Situation.SAFETY_OR_LEGAL
    assert Reason.SAFETY.value not in assessment.reasons


@pytest.mark.parametrize(
    "text",
    [
        "@acme socorro, o carregador está pegando fogo",
        "@acme socorro, meu filho não respira depois de usar o produto",
        "@acme socorro meu pai desmaiou na fila da loja",
        "@acme socorro, quero me matar",
        "@acme socorro, invadiram a minha conta e estão comprando com meu cartão",
        "الحقوني @acme البطارية انفجرت",
    ],
)
def test_danger_beside_a_call_for_help_is_urgent(classifier: Classifier, text: str) -> None:
    assert _assess(classifier, text).urgency is Urgency.URGENT


@pytest.mark.parametrize(
    "text",
    [
        "@acme alguém usou meu cartão",
        "@acme tem alguém usando meu cartão",
        "@acme alguém está comprando com meu cartão",
        "@acme há alguém a fazer compras com o meu cartão",
        "@acme alguém sacou da minha conta",
        "@acme alguém pegou meu dinheiro",
        "@acme alguém mexeu no meu dinheiro",
        "@acme alguém deve ter meu cartão",
        "@acme alguém está com meu cartão",
        "@acme alguien ha usado mi tarjeta",
        "@acme alguien ha podido usar mi tarjeta",
        "@acme quelqu'un a utilisé ma carte",
        "@acme quelqu'un a pu utiliser ma carte",
        "@acme qualcuno ha usato la mia carta",
        "@acme iemand heeft mijn pas gebruikt",
        "@acme someone has used my card",
    ],
)
def test_somebody_at_ones_money_is_a_thief(classifier: Classifier, text: str) -> None:
    assessment = _assess(classifier, text)
    assert assessment.urgency is Urgency.URGENT
    assert Reason.SAFETY.value in assessment.reasons
