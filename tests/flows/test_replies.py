"""Run the two basic stories: a mention becomes a card; an answer becomes a reply that the card shows."""

from tests.stories import MIA, SAM, SUPPORT, Story, button, shown

COMPLAINT = "@acme third time the app eats my payment, are you even awake?"
ANSWER = "Hi Ana, we are sorry. We are looking into it right now."


async def test_a_mention_becomes_a_card(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    assert "Cannot pay" in shown(card)
    assert "💬" in shown(card)
    assert " · Payment errors · " in shown(card)
    assert "Claim" in shown(card)


async def test_an_answer_becomes_a_reply_and_the_card_says_so(story: Story) -> None:
    post = story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    await story.card_shows(card["ts"], "has it")
    await story.answer(SAM, card["ts"], ANSWER)
    await story.card_shows(card["ts"], "Sent")
    assert story.our_posts() == [ANSWER]
    [entry] = story.world.ledger.of("x", "POST /2/tweets")
    assert entry.detail["in_reply_to"] == post
    await story.thread_shows(card["ts"], ANSWER)


async def test_the_second_to_claim_is_told_who_was_first(story: Story) -> None:
    story.customer_writes(COMPLAINT)
    card = await story.card("third time")
    await story.world.slack.press(SAM, SUPPORT, card["ts"], "case.claim")
    await story.world.slack.act(MIA, button(card, "case.claim"), channel=SUPPORT, ts=card["ts"])
    assert "<@U0SAM>" in story.ephemeral_text(MIA)
