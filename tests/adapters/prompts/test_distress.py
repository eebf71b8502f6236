"""Read posts of people in danger, by their own hand or otherwise: urgent, about safety, with their reply."""

import pytest

from domain.triage.assessment import Urgency
from domain.triage.situations import Reason, Situation
from handlers.classifiers import reading_classifier
from handlers.triage.classify import Classifier
from handlers.triage.trained_heads import Text
from tests.domain.made import assessed_by_rules
from tests.handlers.made import NOW

IN_DISTRESS = [
    ("en", "you've taken everything from me, I'm going to end my own life"),
    ("en", "I have nothing left to live for after what your bank did"),
    ("es", "no aguanto más, pienso en matarme"),
    ("es", "llevo semanas sin línea y no tengo ganas de vivir"),
    ("fr", "je n'en peux plus, je veux mourir"),
    ("fr", "après votre lettre je veux en finir avec la vie"),
    ("de", "ich kann nicht mehr, ich will sterben"),
    ("de", "wegen euch möchte ich meinem Leben ein Ende setzen"),
    ("pt", "ninguém me ajuda, quero acabar com a minha vida"),
    ("pt", "tô pensando em acabar com tudo"),
    ("it", "con questo debito penso di uccidermi"),
    ("nl", "ik weet het niet meer, ik wil dood"),
    ("tr", "borcum yüzünden ölmek istiyorum"),
    ("ja", "もう生きるのに疲れました"),
    ("ar", "خسرت كل شيء وأريد أن أموت"),
]
SAYINGS = [
    ("en", "your ad, I want to die laughing"),
    ("en", "I don't want to live in a world without your chips"),
    ("en", "this can't go on"),
    ("es", "ayer dos horas de cola, no quiero vivir esto otra vez"),
    ("fr", "je ne veux plus vivre ça, la prochaine fois je prends le train"),
    ("fr", "je veux en finir avec cette commande"),
    ("de", "ohne eure App kann ich nicht mehr leben"),
    ("pt", "vocês vão me matar de susto com essa fatura"),
    ("it", "le vostre vacanze mi hanno dato voglia di vivere"),
]

IN_DANGER = [
    ("en", "@acme an old man has passed out in your queue at Tower Road, he isn't waking up"),
    ("en", "@acme your lorry knocked a cyclist over at the lights and just kept going"),
    ("es", "@acme se ha caído una señora por las escaleras mecánicas, sangra mucho"),
    ("fr", "@acme bagarre dans la voiture 3, un passager a sorti un couteau"),
    ("de", "@acme ein Fahrgast ist bewusstlos, Bus 42, der Fahrer macht nichts"),
]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return reading_classifier(trained=True)


@pytest.mark.parametrize(("language", "text"), IN_DISTRESS)
def test_who_speaks_of_taking_their_own_life_is_urgent_and_has_its_reply(
    classifier: Classifier, language: str, text: str
) -> None:
    [(read, _)] = classifier.classify([Text(text, language)])
    by_rules = assessed_by_rules(text, language=language, sentiment=0.0, cues=classifier.cues)
    for found in (read, by_rules):
        assert (found.situation, found.urgency) == (Situation.SAFETY_OR_LEGAL, Urgency.URGENT)
    suggestion = classifier.suggest(read, text, "Ana", case_id=1, message_id=1, now=NOW)
    assert suggestion is not None
    assert suggestion.name == "worried_about_you"


@pytest.mark.parametrize(("language", "text"), SAYINGS)
def test_a_saying_is_no_distress(classifier: Classifier, language: str, text: str) -> None:
    assert Reason.DISTRESS not in classifier.evidence(text, language).reasons


@pytest.mark.parametrize(("language", "text"), IN_DANGER)
def test_who_asks_for_help_for_others_is_told_to_call_for_it_and_not_that_we_worry(
    classifier: Classifier, language: str, text: str
) -> None:
    [(read, _)] = classifier.classify([Text(text, language)])
    assert read.urgency is Urgency.URGENT
    suggestion = classifier.suggest(read, text, "Ana", case_id=1, message_id=1, now=NOW)
    assert suggestion is not None
    assert suggestion.name == "somebody_in_danger"
