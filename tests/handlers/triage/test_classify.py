"""Classify with the trained heads, with the rules' guarantees, and without them where they fail."""

import logging
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from adapters.encoder.matrix_index import MatrixIndex
from domain.triage.assessment import Urgency
from domain.triage.encoder import EncoderError, Vector
from domain.triage.heads import HeadScores
from domain.triage.ngrams import NGrams
from domain.triage.situations import Situation
from handlers.classifiers import reading_classifier
from handlers.triage.classify import Classifier
from handlers.triage.trained_heads import Text, TrainedHeads
from tests.domain.made import an_assessment
from tests.handlers.made import FIRE, NOW, PAYMENT, a_classifier, a_post, a_trained_classifier


@dataclass
class _Encoder:
    name: str = "fixed"
    error: str = ""
    batches: int = 0

    def encode(self, texts: Sequence[str]) -> list[Vector]:
        self.batches += 1
        if self.error:
            raise EncoderError(self.error)
        return [array("f", [1.0]) for _ in texts]


@dataclass
class _Heads:
    scores: HeadScores

    def score(
        self, vectors: Sequence[Vector], features: Sequence[Sequence[float]], ngrams: Sequence[NGrams]
    ) -> list[HeadScores]:
        return [self.scores for _ in zip(vectors, features, ngrams, strict=True)]


def scores(situation: Situation, probability: float = 0.9, **more: float) -> HeadScores:
    rest = (1 - probability) / (len(Situation) - 1)
    return HeadScores(
        situations=dict.fromkeys(Situation, rest) | {situation: probability},
        high=more.get("high", 0.0),
        request=more.get("request", 1.0),
        sentiment=more.get("sentiment", 0.0),
    )


def trained(found: HeadScores, encoder: _Encoder | None = None) -> Classifier:
    heads = TrainedHeads(encoder=encoder or _Encoder(), heads=_Heads(found), make_index=MatrixIndex)
    return replace(a_classifier(), trained=heads)


def test_the_heads_decide() -> None:
    found = trained(scores(Situation.REFUND, high=0.99, sentiment=-0.7)).assess(a_post(text="hello there"))
    assert (found.situation, found.urgency, found.sentiment) == (Situation.REFUND, Urgency.HIGH, -0.7)


@pytest.mark.parametrize(
    ("situation", "urgency"),
    [
        (Situation.SAFETY_OR_LEGAL, Urgency.HIGH),
        (Situation.ACCOUNT_ACCESS, Urgency.HIGH),
        (Situation.RANT, Urgency.NORMAL),
        (Situation.PRAISE, Urgency.NORMAL),
    ],
)
def test_a_grave_situation_needs_a_less_sure_head_of_urgency(situation: Situation, urgency: Urgency) -> None:
    found = trained(scores(situation, high=0.3, request=0.9)).assess(a_post(text="hello there"))
    assert found.urgency is urgency


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("it is for my insulin, urgent", Urgency.URGENT),
        ("it is for my insulin", Urgency.NORMAL),
        ("it is urgent", Urgency.NORMAL),
    ],
)
def test_haste_of_somebody_vulnerable_is_urgent(text: str, urgency: Urgency) -> None:
    assert trained(scores(Situation.OTHER)).assess(a_post(text=text)).urgency is urgency


@pytest.mark.parametrize(("request_score", "urgency"), [(0.9, Urgency.NORMAL), (0.1, Urgency.LOW)])
def test_what_asks_for_nothing_is_low(request_score: float, urgency: Urgency) -> None:
    found = trained(scores(Situation.OTHER, request=request_score)).assess(a_post(text="hello there"))
    assert found.urgency is urgency


def test_a_grave_phrase_raises_what_the_heads_take_lightly() -> None:
    found = trained(scores(Situation.PRAISE, 0.4, request=0.0)).assess(a_post(text=FIRE))
    assert found.situation not in {Situation.PRAISE, Situation.SPAM, Situation.PRESS}
    assert found.urgency is Urgency.URGENT


def test_a_decisive_phrase_tips_a_close_call_and_no_more() -> None:
    close, clear = scores(Situation.OUTAGE_REPORT, 0.15), scores(Situation.OUTAGE_REPORT, 0.9)
    assert trained(close).assess(a_post(text=PAYMENT)).situation is Situation.CANNOT_PAY
    assert trained(clear).assess(a_post(text=PAYMENT)).situation is Situation.OUTAGE_REPORT


@pytest.mark.parametrize(
    ("text", "score", "situation"),
    [
        ("a word of a casino", scores(Situation.SPAM, 0.4, request=0.0), Situation.OTHER),
        ("a word of a casino", scores(Situation.SPAM, 0.9, request=0.9), Situation.OTHER),
        ("a word of a casino", scores(Situation.SPAM, 0.9, request=0.0), Situation.SPAM),
        ("look https://t.co/abc", scores(Situation.SPAM, 0.4, request=0.0), Situation.SPAM),
    ],
)
def test_a_word_alone_makes_no_spam(text: str, score: HeadScores, situation: Situation) -> None:
    likely_other = replace(
        score, situations={**score.situations, Situation.OTHER: score.situations[Situation.OTHER] + 0.01}
    )
    assert trained(likely_other).assess(a_post(text=text)).situation is situation


def test_a_nearer_reply_about_trouble_leaves_a_glad_customer_the_thanks() -> None:
    glad = an_assessment(Urgency.LOW, Situation.PRAISE)
    suggestion = a_classifier().suggest(
        glad, "thank you, I could cancel the plan in a minute", "Ana", case_id=1, message_id=1, now=NOW
    )
    assert suggestion is not None
    assert suggestion.name == "thank_you"


def test_posts_are_encoded_in_one_batch() -> None:
    encoder = _Encoder()
    found = trained(scores(Situation.OTHER), encoder).assess_many([a_post("1"), a_post("2"), a_post("3")])
    assert (len(found), encoder.batches) == (3, 1)


def test_without_an_encoder_the_rules_read(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    broken = trained(scores(Situation.PRAISE), _Encoder(error="no room"))
    broken.prepare([PAYMENT])
    assert broken.assess(a_post(text=PAYMENT)) == a_classifier().assess(a_post(text=PAYMENT))
    assert "posts are classified by rules alone: no room" in caplog.text


@pytest.mark.parametrize(
    ("text", "situation", "least", "most"),
    [
        ("you lot charged me twice for one order", Situation.CANNOT_PAY, Urgency.HIGH, Urgency.HIGH),
        ("me habéis cobrado dos veces el mismo pedido", Situation.CANNOT_PAY, Urgency.HIGH, Urgency.HIGH),
        ("komme seit gestern nicht mehr in mein Konto", Situation.ACCOUNT_ACCESS, Urgency.HIGH, Urgency.HIGH),
        ("why does paying with my card fail?", Situation.CANNOT_PAY, Urgency.NORMAL, Urgency.HIGH),
        ("someone is paying for shoes with my card", Situation.CANNOT_PAY, Urgency.URGENT, Urgency.URGENT),
        ("it went through, you lot are legends", Situation.PRAISE, Urgency.LOW, Urgency.LOW),
        ("how do I change the delivery address?", Situation.QUESTION, Urgency.NORMAL, Urgency.NORMAL),
    ],
)
def test_the_shipped_heads_read_plain_cases(
    text: str, situation: Situation, least: Urgency, most: Urgency
) -> None:
    found = a_trained_classifier().assess(a_post(text=f"@acme {text}"))
    assert found.situation is situation
    assert least <= found.urgency <= most


@pytest.mark.parametrize(
    ("text", "situation", "urgency"),
    [
        ("@acme we were less than happy with the room", Situation.RANT, Urgency.NORMAL),
        ("not exactly a warm welcome at your desk @acme", Situation.RANT, Urgency.NORMAL),
        ("not impressed by the new checkout @acme", Situation.RANT, Urgency.NORMAL),
        ("@acme it came back by itself", Situation.OTHER, Urgency.LOW),
        ("@acme turns out I had the wrong card in my hand", Situation.OTHER, Urgency.LOW),
    ],
)
def test_praise_that_is_taken_back_is_a_complaint_and_what_is_settled_wants_nothing(
    text: str, situation: Situation, urgency: Urgency
) -> None:
    found = a_trained_classifier().assess(a_post(text=text))
    assert (found.situation, found.urgency) == (situation, urgency)


@pytest.mark.parametrize(
    "text",
    [
        'spotted a typo on the @acme pricing page, "montly". no charge 😉',
        "found a spelling mistake on your pricing page, no charge for the proofreading",
        "happy to proofread your menu, no charge lol",
    ],
)
def test_a_tip_that_is_free_of_charge_is_no_trouble_with_paying(text: str) -> None:
    for classifier in (reading_classifier(trained=False), reading_classifier(trained=True)):
        [(read, _)] = classifier.classify([Text(text, "en")])
        assert read.situation is not Situation.CANNOT_PAY
        assert read.urgency < Urgency.HIGH


def test_no_charge_that_is_missed_is_trouble_with_paying() -> None:
    [(read, _)] = reading_classifier(trained=True).classify(
        [Text("no charge showing for my order but I did pay", "en")]
    )
    assert read.situation is Situation.CANNOT_PAY


@pytest.mark.parametrize(
    "text",
    ["my voucher code is not valid", "der Gutscheincode ist ungültig", "discount code doesn't work"],
)
def test_a_code_for_a_discount_is_no_code_to_log_in_with(text: str) -> None:
    read = a_classifier().assess(a_post(text=text))
    assert read.situation is Situation.CANNOT_PAY


REFUSED = [
    ("en", "voucher says invalid at the till, it's dated til sunday"),
    ("de", "Der Gutschein aus der Mail wird nicht angenommen, „Code ungültig“"),
    ("ja", "クーポンコードを入れても「使用できません」と出ます"),
    ("fr", "bon d'achat de 30 € refusé au moment de payer"),
]


@pytest.mark.parametrize(("language", "text"), REFUSED)
def test_a_voucher_that_is_refused_has_its_reply(language: str, text: str) -> None:
    classifier = reading_classifier(trained=True)
    [(read, _)] = classifier.classify([Text(text, language)])
    assert read.situation is Situation.CANNOT_PAY
    suggestion = classifier.suggest(read, text, "Ana", case_id=1, message_id=1, now=NOW)
    assert suggestion is not None
    assert suggestion.name == "voucher_refused"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "tried to renew, says try again later, it's been later for two days"),
        ("en", "how long is a voucher valid"),
        ("en", "the login code is not accepted"),
        ("es", "vale, el pago no funciona"),
    ],
)
def test_nothing_else_gets_the_reply_for_a_refused_voucher(language: str, text: str) -> None:
    classifier = reading_classifier(trained=True)
    [(read, _)] = classifier.classify([Text(text, language)])
    suggestion = classifier.suggest(read, text, "Ana", case_id=1, message_id=1, now=NOW)
    assert suggestion is None or suggestion.name != "voucher_refused"


def test_dear_team_is_no_praise() -> None:
    text = "Liebes @acme Team, die Bestellung sollte am Montag da sein, niemand weiß, wo sie ist. 🙄"
    [(read, _)] = reading_classifier(trained=True).classify([Text(text, "de")])
    assert (read.situation, read.urgency) == (Situation.DELIVERY, Urgency.NORMAL)


@pytest.mark.parametrize("trained", [True, False])
def test_a_polite_request_is_no_praise_and_is_seen(trained: bool) -> None:
    classifier = reading_classifier(trained=trained)
    texts = [Text("@acme Merci de me répondre", "fr"), Text("merci de m'avoir aidé", "fr")]
    [(asked, _), (thanked, _)] = classifier.classify(texts)
    assert (asked.situation, asked.urgency.name) == (Situation.OTHER, "NORMAL")
    assert (thanked.situation, thanked.urgency.name) == (Situation.PRAISE, "LOW")
