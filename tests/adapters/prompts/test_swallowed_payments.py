"""Read a payment that an app, a site or a machine "eats" as money at stake, and a meal as none."""

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
        "Third time the app eats my payment and shows an error",
        "your machine swallowed my card and says nothing",
        "the app ate my money again",
        "il distributore ha mangiato i soldi",
        "Tercera vez que la app se come mi pago y me da error",
        "C'est la troisième fois que l'appli mange mon paiement et affiche une erreur",
        "eure App frisst meine Zahlung jedes Mal",
        "terceira vez que o app engole meu pagamento e dá erro",
        "il bancomat ha mangiato la carta",
        "de automaat slikt mijn pas en geeft niks terug",
    ],
)
def test_a_payment_that_is_eaten_is_money_at_stake(classifier: Classifier, text: str) -> None:
    assessment = _assess(classifier, text)
    assert assessment.situation is Situation.CANNOT_PAY
    assert Reason.MONEY.value in assessment.reasons
    assert assessment.urgency >= Urgency.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "I ate my lunch at your café and paid by card, lovely",
        "we pay to eat the same menu every week",
        "mi hijo se comio el menú y pagué con tarjeta, todo bien",
    ],
)
def test_a_meal_that_was_paid_is_no_money_at_stake(classifier: Classifier, text: str) -> None:
    assert Reason.MONEY.value not in _assess(classifier, text).reasons
