"""Render the public reply form: conversation, warnings, text, weighted length, saved replies."""

from collections.abc import Iterator, Sequence

from adapters.slack.action_ids import ActionId, BlockId, CallbackId, public_reply_block
from adapters.slack.blocks import (
    DIVIDER,
    button,
    context,
    option,
    paragraph,
    static_select,
    with_accessory,
)
from adapters.slack.cases.promise_wording import recognised_lines
from adapters.slack.escaping import cut_at_word, escape, inline, isolate, link, one_line
from adapters.slack.labels import situation_label
from adapters.slack.message_content import Block, View
from adapters.slack.modals.assistance import assistance_blocks
from adapters.slack.modals.form_blocks import (
    colleague_blocks,
    conversation_blocks,
    format_count,
    new_message_blocks,
    submit_label,
    text_input,
    violation_blocks,
)
from adapters.slack.modals.frame import modal
from adapters.slack.modals.guidance import exposed_blocks, guidance_text
from adapters.slack.modals.metadata import form_metadata
from adapters.slack.wording import count_of, handle, price_of_one
from domain.intake.redaction import is_post
from domain.networks import OurAccount
from domain.replies.forms import Option, PublicReplyForm
from domain.replies.rules_of_engagement import Guidance

MAX_NAME_LENGTH = 150
MAX_LINK_LENGTH = 60
MAX_LINKS = 3
MAX_MESSAGES = 4
MAX_OPTIONS = 100
#: Saved replies that are shown with a reason.
MAX_REASONED = 3
MAX_EXAMPLE_LENGTH = 60
MAX_BEGINNING_COLUMNS = 80
MAX_ARTICLE_TITLE = 120


def render_public_reply(form: PublicReplyForm, *, ours: OurAccount, guidance: Guidance | None = None) -> View:
    """Render the public reply form.

    `ours` is our account on the case's network, `guidance` what to mind in the case's situation.
    """
    reminder = guidance_text(guidance, ours.private_venues) if guidance is not None else ""
    blocks = [
        *conversation_blocks(form.view, form.new_messages, limit=MAX_MESSAGES),
        DIVIDER,
        *new_message_blocks(form.view, form.new_messages),
        *colleague_blocks(form.view, form.assigned_to),
        *violation_blocks(form.violations),
        *exposed_blocks(form.view),
        *([context(escape(reminder))] if reminder else []),
        text_input(public_reply_block(form.revision), ActionId.PUBLIC_REPLY_TEXT, "Your answer", form.text),
        context(_count_line(form, ours)),
        *recognised_lines(form.promises),
        *assistance_blocks(form.assistance),
        *_article(form),
        *_alternatives(form),
    ]
    return modal(
        f"Answer on {ours.profile.label}",
        CallbackId.PUBLIC_REPLY,
        blocks,
        submit=submit_label("Send", form),
        metadata=form_metadata(form),
        notify_on_close=True,
    )


def _count_line(form: PublicReplyForm, ours: OurAccount) -> str:
    case, account = form.view.case, escape(inline(ours.handle, 40))
    where = f"public on {ours.profile.label}, as @{account}, in reply to {escape(handle(case))}"
    return f"{format_count(form.length, form.limit)} · {where}{_not_notified(form)}{_priced_links(form.text, ours)}"


def _not_notified(form: PublicReplyForm) -> str:
    """Say whom the reply does not notify, although the post that it answers names them."""
    case = form.view.case
    answered = next((one for one in form.view.messages if is_post(one, case.reply_to_id)), None)
    named = answered.context.named if answered is not None else ()
    if not named:
        return ""
    others = f"@{escape(inline(named[0].handle, 40))}" if len(named) == 1 else f"the {len(named)} others"
    return f" alone: {others} in the post will not be notified"


def _priced_links(text: str, ours: OurAccount) -> str:
    """Name what the network takes for links in the text, and what it charges for it with them."""
    links, price = ours.profile.links(text), ours.profile.price(text)
    if not links or price is None or price == ours.profile.price(""):
        return ""
    named = ", ".join(f"“{escape(inline(one, MAX_LINK_LENGTH))}”" for one in links[:MAX_LINKS])
    label = "a link" if len(links) == 1 else "links"
    return f"\n🔗 {ours.profile.label} takes {named} for {label} and charges {price_of_one(price)}"


def _article(form: PublicReplyForm) -> list[Block]:
    """Render the help article that answers the customer, and the button that appends its address."""
    article = form.article
    if article is None or article.url in form.text:
        return []
    title = link(article.url, inline(article.title, MAX_ARTICLE_TITLE))
    insert = button("Insert link", ActionId.ARTICLE_INSERT, article.url)
    return [with_accessory(paragraph(f"📄 Help article: {title}"), insert)]


def _alternatives(form: PublicReplyForm) -> list[Block]:
    """Render the saved replies to pick from: the best that have a reason, the others in a menu.

    Where none has a reason, the nearest.
    """
    options = [
        option
        for option in form.options
        if 0 < len(option.name) <= MAX_NAME_LENGTH and option.name != form.saved_reply
    ]
    if not options:
        return []
    fits = form.saved_reply or any(option.fits for option in options)
    heading = "*Other saved replies*" if fits else "*No saved reply surely fits.* These come nearest:"
    best = ([option for option in options if any(_reasons(option))] or options)[:MAX_REASONED]
    others = [option for option in options if option not in best][: MAX_OPTIONS - MAX_REASONED]
    return [
        DIVIDER,
        context(heading),
        *(_alternative(option) for option in best),
        *(_menu(others) if others else []),
    ]


def _alternative(reply: Option) -> Block:
    """Render one saved reply: its title, why it is offered, and the button that uses it.

    Without a reason, how it begins.
    """
    title = escape(inline(reply.title, 70) or reply.name)
    begins = escape(isolate(cut_at_word(one_line(reply.text), MAX_BEGINNING_COLUMNS)))
    reasons = " · ".join(_reasons(reply)) or f"says: “{begins}”"
    use = button("Use", ActionId.PUBLIC_REPLY_ALTERNATIVE, reply.name)
    return with_accessory(paragraph(f"*{title}*\n{reasons}"), use)


def _reasons(reply: Option) -> Iterator[str]:
    """Word why a saved reply is offered, in mrkdwn."""
    if reply.example:
        yield f"similar to: “{escape(inline(reply.example, MAX_EXAMPLE_LENGTH))}”"
    if reply.situation is not None:
        yield f"for: {situation_label(reply.situation)}"
    if reply.sent_in_such_cases:
        yield f"sent {count_of(reply.sent_in_such_cases, 'time')} in such cases"


def _menu(replies: Sequence[Option]) -> list[Block]:
    options = [option(inline(reply.title, 70) or reply.name, reply.name) for reply in replies]
    select = static_select(ActionId.PUBLIC_REPLY_ALTERNATIVE, options, placeholder="Another saved reply…")
    return [{"type": "actions", "block_id": str(BlockId.PUBLIC_REPLY_ALTERNATIVE), "elements": [select]}]
