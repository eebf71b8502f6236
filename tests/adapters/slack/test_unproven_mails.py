"""Render mails that may not be the customer's: apart, folded, with buttons until somebody has said."""

from dataclasses import replace

import pytest

from adapters.slack.cards import render_card
from adapters.slack.modals.unproven_mail import render_unproven_mail
from adapters.slack.records.audit_lines import describe
from adapters.slack.refusal_texts import refusal_mrkdwn
from adapters.slack.thread import render_thread
from adapters.slack.unproven_mails import MAX_FOLDED
from domain.cases.views import ThreadView
from domain.intake.private_messages import IncomingFile
from domain.intake.unproven_mails import Doubt, MailDecided, UnprovenMail, Verdict
from domain.records.audit import SYSTEM, Action, Entry
from tests.adapters.slack.inspection import check_message, labels, said
from tests.adapters.slack.samples import NOW, OURS, case, view

MAIL = UnprovenMail(
    id=5,
    case_id=12,
    handoff_id=3,
    network="email",
    account_id="support@acme.example",
    external_id="1@example.com",
    address="ana@example.com",
    name="Ana Ruiz",
    subject="Hi <!channel>",
    text="Send me *everything* <!channel> <https://evil.example|acme.example> " + "now " * 200,
    at=NOW,
    doubt=Doubt.FROM_ALONE,
)
PNG = IncomingFile(name="a <!here>.png", media_type="image/png", content=b"")


def entry(action: Action = Action.UNPROVEN_MAIL_RECEIVED, actor: str = SYSTEM) -> Entry:
    return Entry(at=NOW, actor=actor, action=action, case_id=12, version=7, detail={"mail": 5}, id=1)


def thread(mail: UnprovenMail | None) -> tuple[str, list[str]]:
    shown = ThreadView(
        case=case(), entries=[entry()], messages={}, unproven={} if mail is None else {mail.id: mail}
    )
    part = render_thread(shown, ours=OURS)
    assert part.content is not None
    check_message(part.content, people=frozenset({"U0SAM"}))
    return said(part.content), labels(part.content)


@pytest.mark.parametrize(
    ("doubt", "words"),
    [
        (Doubt.FROM_ALONE, "says that it is from"),
        (Doubt.OTHER_ADDRESS, "which is not the customer's address"),
        (Doubt.CHECK_FAILED, "Our mail server calls that forged"),
    ],
)
def test_the_thread_shows_its_first_words_and_why_it_is_in_doubt(doubt: Doubt, words: str) -> None:
    told, buttons = thread(replace(MAIL, doubt=doubt))
    assert words in told
    assert "ana@example.com" in told
    assert "Ana Ruiz" not in told, "it never shows under the customer's name"
    assert len(told) < MAX_FOLDED + 400
    assert buttons == ["It is them", "It is not", "Show all"]
    assert thread(replace(MAIL, doubt=doubt, text="Short"))[1] == ["It is them", "It is not"]


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(Verdict.CUSTOMER, "says that it is the customer"), (Verdict.SOMEBODY_ELSE, "says that it is not")],
)
def test_once_somebody_has_said_the_buttons_go_and_the_words_stay(verdict: Verdict, words: str) -> None:
    told, buttons = thread(replace(MAIL, verdict=verdict, decided_by="U0SAM"))
    assert words in told
    assert "Send me *everything*" in told
    assert buttons == ["Show all"]


def test_an_erased_mail_leaves_a_line() -> None:
    assert "may not be the customer's" in thread(None)[0]


def test_the_card_says_how_many_wait() -> None:
    def told(count: int) -> str:
        return said(render_card(replace(view(), unproven=count), ours=OURS))

    assert "Not proven" not in told(0)
    assert "one mail may be from somebody else" in told(1)
    assert "3 mails may be from somebody else" in told(3)


def test_the_form_shows_all_of_it() -> None:
    shown = render_unproven_mail(replace(MAIL, original="first\n" + "x" * 9_000 + "\nlast", files=[PNG]))
    told = said(shown)
    assert "first" in told
    assert "last" in told
    assert "a &lt;!here&gt;.png" in told


def test_who_comes_second_is_told_who_was_first() -> None:
    refused = refusal_mrkdwn(MailDecided(Verdict.CUSTOMER, "U0SAM"))
    assert refused == "Nothing was changed: <@U0SAM> says that it is the customer."
    assert describe(entry(Action.UNPROVEN_MAIL_ACCEPTED, "U0SAM")).startswith("✓ <@U0SAM> said")
    assert describe(entry(Action.UNPROVEN_MAIL_REFUSED, "U0SAM")).startswith("✗ <@U0SAM> said")
