"""Hold a conversation by e-mail in one thread, begun by the e-mail form or by the customer."""

from collections.abc import AsyncIterator
from email.message import EmailMessage, Message
from email.policy import SMTP
from pathlib import Path

import aiohttp
import pytest

from sandbox.faults import Fault
from sandbox.mail.post_office import text_of
from tests.handoff_stories import ANA, mail_with, mails, say
from tests.stories import QUICK, SAM, SUPPORT, Story, running_story, shown

BO = "bo@example.com"
CHOICES = f"{QUICK}[email]\npoll_seconds = 2\n"


@pytest.fixture
async def story(tmp_path: Path, database_url: str) -> AsyncIterator[Story]:
    async with running_story(tmp_path, database_url, choices=CHOICES) as running:
        yield running


async def claimed(story: Story, words: str) -> str:
    """Claim the card with these words as Sam; return its ts."""
    ts = str((await story.card(words))["ts"])
    await story.world.slack.press(SAM, SUPPORT, ts, "case.claim")
    await story.card_shows(ts, "has it")
    return ts


def cards(story: Story) -> int:
    """Count the messages in the channel itself."""
    return len(story.world.slack.messages(SUPPORT))


async def test_a_customers_mail_opens_a_case_and_goes_to_and_fro_in_one_thread(story: Story) -> None:
    story.world.mail.write(ANA, "My payment fails with an error.", name="Ana Ruiz", subject="Payment")
    ts = await claimed(story, "My payment fails with an error.")
    await say(story, ts, "Hello Ana, which error is it?")
    answer = await mail_with(story, "Hello Ana, which error is it?")
    assert answer["Subject"] == "Re: Payment"
    story.world.mail.write(ANA, "It says E-42.", answers=answer)
    await story.thread_shows(ts, "It says E-42.")
    told = [shown(m) for m in story.world.slack.thread(SUPPORT, ts)[1:] if "E-42" in shown(m)]
    assert len(told) == 1
    assert "which error" not in told[0], "what is quoted stays out of the thread"
    await say(story, ts, "That is known, and mended tonight.")
    last = await mail_with(story, "mended tonight")
    assert last["In-Reply-To"] == mails(story, "support@acme.example")[-1]["Message-ID"]
    assert str(answer["Message-ID"]) in str(last["References"])
    assert cards(story) == 1


async def test_a_case_moves_to_mail_by_the_form(story: Story) -> None:
    story.customer_writes("@acme my payment fails, again")
    ts = await claimed(story, "my payment fails, again")
    slack = story.world.slack
    await slack.press(SAM, SUPPORT, ts, "case.move")
    view = slack.open_view(SAM)
    assert view is not None, slack.notices(SAM)
    await slack.press_in_view(SAM, view["id"], "move.venue", "email")
    await slack.submit(SAM, view["id"])
    [line] = await story.until(story.our_posts, "the public line")
    link = next(word for word in line.split() if word.startswith(story.environment["PUBLIC_URL"]))
    async with aiohttp.ClientSession() as browser:
        async with browser.get(link) as page:
            assert page.status == 200
        async with browser.post(link, data={"address": ANA, "agreed": "yes"}) as thanks:
            assert thanks.status == 200
    await story.card_shows(ts, "arrived")
    assert mails(story) == [], "nothing is written before an agent writes"
    await say(story, ts, "Hello Ana, here we can talk.")
    first = await mail_with(story, "Hello Ana, here we can talk.")
    assert "my payment fails, again" in text_of(first), "what was public is quoted"
    assert "in a direct message to @acme" in text_of(first)
    assert "https://x.com/messages/compose?recipient_id=" in text_of(first)
    story.world.mail.write(ANA, "Thank you, order 4711.", answers=first)
    assert "·  unverified  ·" in shown(await story.thread_shows(ts, "Thank you, order 4711."))
    story.world.mail.post("mallory@evil.example", _forged("Now send me the invoice."))
    apart = await story.thread_shows(ts, "Now send me the invoice.")
    assert "this mail says that it is from ana@example.com" in shown(apart)
    await story.card_shows(ts, "one mail may be from somebody else")
    await slack.press(SAM, SUPPORT, apart["ts"], "unproven.it_is_not")
    await story.thread_shows(ts, "says that it is not")
    assert cards(story) == 1


async def test_a_mail_that_comes_back_fails_on_the_card_and_one_in_doubt_is_found(story: Story) -> None:
    story.world.mail.write("gone@example.com", "Write to me here.", subject="Help")
    story.world.mail.write(ANA, "Is anybody there?", subject="Help")
    gone, there = await claimed(story, "Write to me here."), await claimed(story, "Is anybody there?")
    await say(story, gone, "Hello?")
    await story.card_shows(gone, "The mailbox does not exist")
    story.world.faults.add(Fault("smtp:DATA", "lost-after"))
    await say(story, there, "Yes, we are.")
    await mail_with(story, "Yes, we are.")
    await story.until(lambda: _delivered(story, there), "the mark of delivery")
    assert len([m for m in mails(story) if "Yes, we are." in text_of(m)]) == 1


def _delivered(story: Story, ts: str) -> bool:
    marks = [one["name"] for m in story.world.slack.thread(SUPPORT, ts) for one in m.get("reactions", [])]
    return "white_check_mark" in marks


async def test_programs_lists_and_we_ourselves_open_no_case_and_keep_nobody_busy(story: Story) -> None:
    story.world.mail.write(ANA, "Where is my parcel?", subject="Parcel")
    ts = await claimed(story, "Where is my parcel?")
    story.world.mail.responders[ANA] = _away
    story.world.mail.post("news@shop.example", _news())
    story.world.mail.post("support@acme.example", _to_ourselves())
    await say(story, ts, "It is on its way.")
    await mail_with(story, "It is on its way.")
    story.world.mail.responders[BO] = _thanks
    story.world.mail.write(BO, "And mine?", subject="Parcel")
    other = await claimed(story, "And mine?")
    await say(story, other, "Soon.")
    await story.thread_shows(other, "Thank you for your mail")
    assert (len(mails(story)), len(mails(story, BO))) == (1, 1), "no answer of a program is answered by us"
    away = [m for m in story.world.slack.thread(SUPPORT, ts) if "away until Monday" in str(m)]
    assert all("answered automatically" in shown(m) for m in away), "a program's words are nobody's"
    assert cards(story) == 2


def _away(came: Message) -> EmailMessage:
    answer = EmailMessage(policy=SMTP)
    answer["From"], answer["To"] = ANA, str(came["Reply-To"])
    answer["Subject"], answer["In-Reply-To"] = f"Re: {came['Subject']}", str(came["Message-ID"])
    answer["Auto-Submitted"] = "auto-replied"
    answer.set_content("I am away until Monday.")
    return answer


def _thanks(came: Message) -> EmailMessage:
    """Answer each mail without a word that a program does."""
    answer = _away(came)
    del answer["Auto-Submitted"]
    answer.replace_header("From", BO)
    answer.set_content("Thank you for your mail, which is important to us.")
    return answer


def _news() -> EmailMessage:
    news = EmailMessage(policy=SMTP)
    news["From"], news["To"], news["Subject"] = "news@shop.example", "support@acme.example", "Our offers"
    news["List-Id"] = "<news.shop.example>"
    news.set_content("Buy!")
    return news


def _forged(text: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = ANA, "support@acme.example", "Forged"
    mail.set_content(text)
    return mail


def _to_ourselves() -> EmailMessage:
    own = EmailMessage(policy=SMTP)
    own["From"] = own["To"] = "support@acme.example"
    own["Subject"] = "Copy"
    own.set_content("A copy of what we sent")
    return own
