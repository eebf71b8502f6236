"""Submit and redraw the public reply form."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.slack.action_ids import (
    ActionId,
    BadValue,
    card_value,
    public_reply_block,
)
from adapters.slack.modals import parse_metadata, render_public_reply
from domain.cases.case import Case
from domain.knowledge.articles import Article
from domain.replies.rules_of_engagement import Guidance, Rule, RulesOfEngagement
from handlers.cases.assignment import claim
from handlers.cases.resolution import reopen, resolve
from handlers.context import AppContext
from handlers.knowledge.articles import ArticleLibrary
from handlers.slack import replies
from handlers.slack.payloads import Press, Submission, parse_press
from storage.engine import Store
from tests.adapters.slack.inspection import check_view, said
from tests.handlers.made import (
    MIA,
    NOW,
    SAM,
    a_post,
    a_stored_case,
    arrive,
    do,
    messages,
    networks,
    public_form,
)
from tests.handlers.slack.test_payloads import a_press


def submission(store: Store, case: Case, text: object, *, user_id: str = SAM) -> Submission:
    """Build Sam's submission of a form that was opened just now."""
    form = public_form(store, case.id, user_id=user_id)
    view = render_public_reply(form, ours=networks().our_account("x"))
    values = {public_reply_block(0): {ActionId.PUBLIC_REPLY_TEXT.value: {"value": text}}}
    return Submission(user_id=user_id, view_id="V1", metadata=view["private_metadata"], values=values)


async def test_an_answer_closes_the_form(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    assert await replies._submit(ctx, submission(store, case, "Hi Ana")) is None
    assert messages(store, case.id)[-1].text == "Hi Ana"


@pytest.mark.parametrize("text", ["", None, [], {"a": 1}, 7])
async def test_no_text_is_said_below_the_box(store: Store, ctx: AppContext, text: object) -> None:
    response = await replies._submit(ctx, submission(store, a_stored_case(store), text))
    assert response == {
        "response_action": "errors",
        "errors": {public_reply_block(0): "Write an answer first."},
    }


async def test_what_was_written_stays_when_somebody_else_was_quicker(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    sent = submission(store, case, "A long and careful answer")
    do(store, claim, case_id=case.id, user_id=MIA, now=NOW)
    claimed = await replies._submit(ctx, sent)
    assert claimed is not None
    assert claimed["response_action"] == "update"
    assert claimed["view"]["submit"]["text"] == "Take over and send"
    assert f"<@{MIA}> has this case" in str(claimed["view"]["blocks"])
    assert "A long and careful answer" in str(claimed["view"]["blocks"])
    do(store, resolve, case_id=case.id, version=None, user_id=MIA, now=NOW)
    closed = await replies._submit(ctx, sent)
    assert closed is not None
    assert closed["response_action"] == "errors"
    said = closed["errors"][public_reply_block(0)]
    assert said.startswith("Nothing was sent: Mia Lindqvist has closed this case")
    assert "Your text is still here" in said


async def test_what_was_written_stays_while_another_answer_is_under_way(
    store: Store, ctx: AppContext
) -> None:
    case = a_stored_case(store)
    sent = submission(store, case, "First")
    assert await replies._submit(ctx, sent) is None
    again = Submission(
        user_id=SAM, view_id="V2", metadata=submission(store, case, "").metadata, values=sent.values
    )
    response = await replies._submit(ctx, again)
    assert response is not None
    assert "on its way" in response["errors"][public_reply_block(0)]


async def test_an_edit_is_shown_even_after_the_form_was_redrawn(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    sent = submission(store, case, "Hi Ana")
    arrive(store, a_post(case.conversation_id, "@acme it works again", revision_id="9999"))
    typed = parse_press(
        a_press(
            user={"id": SAM},
            channel=None,
            view={"id": "V1", "hash": "h", "private_metadata": sent.metadata},
            actions=[{"action_id": "answer.text", "value": "Hi Ana"}],
        )
    )
    await replies._update_count(ctx, typed)
    modals: Any = ctx.modals
    [redrawn] = modals.views
    assert parse_metadata(redrawn["private_metadata"]).version == case.version
    again = Submission(user_id=SAM, view_id="V1", metadata=redrawn["private_metadata"], values=sent.values)
    response = await replies._submit(ctx, again)
    assert response is not None
    assert "it works again" in str(response["view"])
    assert len(messages(store, case.id)) == 1


async def test_what_the_text_started_from_is_kept_until_it_is_sent(store: Store, ctx: AppContext) -> None:
    signing = replace(ctx, policy=replace(ctx.policy, sign_with_initials=True))
    sent = submission(store, a_stored_case(store), "Hi Ana")
    view = {"id": "V1", "hash": "h", "private_metadata": sent.metadata}
    name = signing.live_classifier.current.replies[0].name
    chosen = {"action_id": "answer.alternative", "selected_option": {"value": name}}
    press = parse_press(a_press(user={"id": SAM}, channel=None, view=view, actions=[chosen]))
    await replies._use_alternative(signing, press)
    modals: Any = ctx.modals
    typed = {"action_id": "answer.text", "value": "Hi Ana, we look"}
    view = {"id": "V1", "hash": "h", "private_metadata": modals.views[-1]["private_metadata"]}
    press = parse_press(a_press(user={"id": SAM}, channel=None, view=view, actions=[typed]))
    await replies._update_count(signing, press)
    kept = parse_metadata(modals.views[-1]["private_metadata"])
    assert (kept.saved_reply, kept.is_picked, kept.is_signed, kept.revision) == (name, True, True, 1)
    rule = Rule(name="unsigned", reason="Put your initials back.", hard=True)
    strict = replace(signing, rules=RulesOfEngagement(version="9", rules=[rule]))
    values = {public_reply_block(1): {ActionId.PUBLIC_REPLY_TEXT.value: {"value": "Hi Ana, we look"}}}
    submitted = Submission(
        user_id=SAM, view_id="V1", metadata=modals.views[-1]["private_metadata"], values=values
    )
    response = await replies._submit(strict, submitted)
    assert response is not None
    assert "Put your initials back." in str(response["errors"])


async def test_the_form_says_what_to_mind_in_the_situation(store: Store, ctx: AppContext) -> None:
    case = a_stored_case(store)
    guidance = {case.assessment.situation: Guidance(ask_for="the order number")}
    guided = replace(ctx, rules=replace(ctx.rules, situations=guidance))
    press = parse_press(a_press(user={"id": SAM}, actions=[{"value": card_value(case.id, 1)}]))
    await replies._open(guided, press)
    modals: Any = ctx.modals
    assert "Ask for the order number in private." in said(modals.views[-1])


def a_click(metadata: str, action: dict[str, Any], *, typed: str = "") -> Press:
    """Build the press of a button of the open form, in whose box this text is typed."""
    values = {public_reply_block(0): {ActionId.PUBLIC_REPLY_TEXT.value: {"value": typed}}}
    view = {"id": "V1", "hash": "h", "private_metadata": metadata, "state": {"values": values}}
    return parse_press(a_press(user={"id": SAM}, channel=None, view=view, actions=[action]))


async def test_the_link_of_an_article_is_appended_to_what_was_typed(store: Store, ctx: AppContext) -> None:
    article = Article(name="a.md", title="A", url="https://help.acme.example/a", passages=("text",))
    knowing = replace(ctx, articles=ArticleLibrary(lambda: [article]))
    knowing.articles.sync()
    sent = submission(store, a_stored_case(store), "")
    press = a_click(sent.metadata, {"action_id": "answer.article", "value": article.url}, typed="Hi Ana, see")
    await replies._insert_article(knowing, press)
    modals: Any = ctx.modals
    assert f"Hi Ana, see {article.url}" in str(modals.views[-1])
    assert parse_metadata(modals.views[-1]["private_metadata"]).revision == 1


async def test_a_link_to_no_article_is_not_inserted(store: Store, ctx: AppContext) -> None:
    sent = submission(store, a_stored_case(store), "")
    forged = a_click(sent.metadata, {"action_id": "answer.article", "value": "https://evil.example/"})
    with pytest.raises(BadValue):
        await replies._insert_article(ctx, forged)


async def test_who_types_on_after_the_case_was_closed_is_told_in_the_form_once(
    store: Store, ctx: AppContext
) -> None:
    """A window over the form would take the next letters, and come again with each of them."""
    case = a_stored_case(store)
    form = public_form(store, case.id)
    shown = {**render_public_reply(form, ours=networks().our_account("x")), "id": "V1", "hash": "h"}
    modals: Any = ctx.modals

    async def types(text: str) -> None:
        values = {public_reply_block(0): {ActionId.PUBLIC_REPLY_TEXT.value: {"value": text}}}
        seen = {**shown, "state": {"values": values}}
        action = {"action_id": ActionId.PUBLIC_REPLY_TEXT.value, "value": text}
        press = parse_press(a_press(user={"id": SAM}, channel=None, view=seen, actions=[action]))
        await replies._update_count(ctx, press)

    do(store, resolve, case_id=case.id, version=None, user_id=MIA, now=NOW)
    await types("Hi A")
    [warned] = modals.views
    assert said(warned).count("Nothing was sent: Mia Lindqvist has closed this case. Press Reopen") == 1
    kinds = [block["type"] for block in warned["blocks"]]
    assert kinds[kinds.index("input") - 1] == "context"
    assert warned["submit"] == shown["submit"]
    assert {"id", "hash", "state"}.isdisjoint(warned)
    check_view(warned, people=frozenset({SAM, MIA}))
    shown.update(warned)
    await types("Hi An")
    assert len(modals.views) == 1
    do(store, reopen, case_id=case.id, user_id=MIA, now=NOW)
    await types("Hi Ana")
    assert "Nothing was sent" not in said(modals.views[-1])
