"""A conversation by e-mail: asked for by a form or begun by the customer, there and back, in one thread."""

from email import message_from_bytes
from email.message import Message
from email.policy import default

from sandbox.mail.post_office import text_of
from tests.stories import SAM, SUPPORT, Story

ANA = "ana@example.com"


def inbox(story: Story, address: str = ANA) -> list[Message]:
    """The person's mails, oldest first."""
    return [
        message_from_bytes(mail.content, policy=default)
        for mail in story.world.mail.mailbox(address).inbox.mails
    ]


async def mail_for(story: Story, words: str, address: str = ANA) -> Message:
    """The mail with these words, once it is there."""
    return await story.until(
        lambda: next((m for m in inbox(story, address) if words in text_of(m)), None),
        f"a mail with {words!r}",
    )


async def speaks(story: Story, ts: str, text: str, user: str = SAM) -> None:
    """An agent writes to the customer in the case's thread, by the bot's name."""
    await story.world.slack.say(user, SUPPORT, f"<@U0BOT> {text}", ts)


async def test_a_customers_mail_opens_a_case_and_goes_to_and_fro_in_one_thread(story: Story) -> None:
    story.world.mail.write(ANA, "My payment fails with an error.", name="Ana Ruiz", subject="Payment")
    card = await story.card("My payment fails with an error.")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    await story.card_shows(card["ts"], "Claimed")
    await speaks(story, card["ts"], "Hello Ana, which error is it?")
    answer = await mail_for(story, "Hello Ana, which error is it?")
    assert answer["Subject"] == "Re: Payment"
    story.world.mail.write(ANA, "It says E-42.", answers=answer)
    await story.thread_shows(card["ts"], "It says E-42.")
    assert sum("E-42" in str(m) for m in story.world.slack.thread(SUPPORT, card["ts"])[1:]) == 1
    assert (
        len([m for m in story.world.slack.messages(SUPPORT) if "Payment" in str(m) or "payment" in str(m)])
        == 1
    )
