"""Load and redraw an open answer form, public or private, with what it holds now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from adapters.slack.action_ids import ActionId, CallbackId, private_reply_block, public_reply_block
from adapters.slack.cases.promise_wording import shows_recognised
from adapters.slack.message_content import View
from adapters.slack.modals import (
    FormMetadata,
    parse_metadata,
    render_private_reply,
    render_public_reply,
    undo_text,
)
from domain.assistance.forms import FormAssistance, Stage
from domain.cases.views import CaseView
from domain.errors import Refused
from domain.networks import Networks
from domain.replies.forms import PrivateReplyForm, PublicReplyForm
from handlers.cases.open_forms import renew_form
from handlers.cases.promises import read_promises
from handlers.context import AppContext
from handlers.knowledge.articles import ArticleLibrary
from handlers.replies.private import open_private_reply_form
from handlers.replies.public import PublicReplySubmission, open_public_reply_form
from handlers.slack.form_errors import keep_opened_state, warn_in_form
from handlers.slack.payloads import Press, form_values, input_text
from handlers.triage.classify import Classifier
from handlers.triage.outage_wordings import OutageWordings
from storage.unit_of_work import UnitOfWork

ReplyForm = PublicReplyForm | PrivateReplyForm
_AFTER_A_REDRAW = {
    Stage.WORKING: Stage.INTERRUPTED,
    Stage.FAILED: Stage.IDLE,
    Stage.UNDONE: Stage.WRITTEN_ON,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReplyForm:
    """The state of an open form: its metadata and the text that it holds, and who has it open.

    `client_key` is that of the message that it sends when it is submitted.
    """

    metadata: FormMetadata
    text: str
    user_id: str
    is_private: bool
    client_key: str


def read_open_form(press: Press) -> OpenReplyForm:
    """Read the state of the form that a button or an input is in. Raises `BadValue`."""
    metadata = parse_metadata(press.metadata)
    is_private = press.view.get("callback_id") == CallbackId.PRIVATE_REPLY
    block = private_reply_block(metadata.revision) if is_private else public_reply_block(metadata.revision)
    action = ActionId.PRIVATE_REPLY_TEXT if is_private else ActionId.PUBLIC_REPLY_TEXT
    return OpenReplyForm(
        metadata=metadata,
        text=input_text(form_values(press.view), block, action),
        user_id=press.user_id,
        is_private=is_private,
        client_key=form_key(metadata, press.view_id, is_private=is_private),
    )


def form_key(metadata: FormMetadata, view_id: str, *, is_private: bool) -> str:
    """Return the idempotency key of what a form sends.

    A view id that is reused for another case or version is another answer.
    """
    key = f"{view_id}:{metadata.case_id}:{metadata.version}"
    return f"{key}:private" if is_private else key


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSources:
    """What the proposals of a form are made of. `signature` is the agent's; empty without one."""

    classifier: Classifier
    networks: Networks
    articles: ArticleLibrary
    outage_wordings: OutageWordings
    signature: str


async def form_sources(ctx: AppContext, *, signature: str) -> FormSources:
    """Return what the proposals of a form are made of now."""
    return FormSources(
        classifier=await ctx.live_classifier.refresh_to_suggest(),
        networks=ctx.networks,
        articles=ctx.articles,
        outage_wordings=ctx.outage_wordings,
        signature=signature,
    )


async def load_form(ctx: AppContext, opened: OpenReplyForm) -> ReplyForm:
    """Load the form anew. Raises `Refused` where the case cannot be answered as it stands."""
    signature = "" if opened.is_private else await signature_of(ctx, opened.user_id)
    sources = await form_sources(ctx, signature=signature)
    return await ctx.desk.run_at_once(_reload, opened, sources, now=ctx.clock.now())


def _reload(uow: UnitOfWork, opened: OpenReplyForm, sources: FormSources, *, now: datetime) -> ReplyForm:
    """Build the open form again; that is a sign of life of whoever writes in it."""
    form = build_form(
        uow,
        sources,
        case_id=opened.metadata.case_id,
        user_id=opened.user_id,
        is_private=opened.is_private,
        now=now,
    )
    renew_form(uow, form.view.case, user_id=opened.user_id, client_key=opened.client_key, now=now)
    return form


def build_form(
    uow: UnitOfWork, sources: FormSources, *, case_id: int, user_id: str, is_private: bool, now: datetime
) -> ReplyForm:
    """Build the private or the public form. Raises `Refused` where the case cannot be answered."""
    networks = sources.networks
    if is_private:
        return open_private_reply_form(uow, case_id=case_id, user_id=user_id, networks=networks, now=now)
    return open_public_reply_form(
        uow,
        case_id=case_id,
        user_id=user_id,
        classifier=sources.classifier,
        networks=networks,
        now=now,
        signature=sources.signature,
        articles=sources.articles,
        outage_wordings=sources.outage_wordings,
    )


def with_state(ctx: AppContext, form: ReplyForm, metadata: FormMetadata, text: str) -> ReplyForm:
    """Return a form that was loaded anew with the state that it was opened with, and this text."""
    if isinstance(form, PrivateReplyForm):
        return replace(keep_opened_state(form, metadata), text=text, revision=metadata.revision)
    return replace(
        keep_opened_state(form, metadata),
        text=text,
        length=ctx.networks.count(form.view.case.network, text).length,
        revision=metadata.revision,
        saved_reply=metadata.saved_reply,
        is_picked=metadata.is_picked,
        is_signed=metadata.is_signed,
    )


def render_form(ctx: AppContext, form: ReplyForm) -> View:
    """Render the form with what its text promises, and with abuse blurred where its writer chose so."""
    form = replace(ctx.abuse.form(form), promises=_promised(ctx, form.text))
    if isinstance(form, PrivateReplyForm):
        return render_private_reply(form)
    case = form.view.case
    guidance = ctx.rules.situations.get(case.assessment.situation)
    return render_public_reply(form, ours=ctx.our_account(case.network), guidance=guidance)


def shows_promises(ctx: AppContext, press: Press, text: str) -> bool:
    """Return whether the form that the press came from shows what this text promises."""
    return shows_recognised(press.view, _promised(ctx, text))


def _promised(ctx: AppContext, text: str) -> list[tuple[str, datetime]]:
    return read_promises(text, said_at=ctx.clock.now(), hours=ctx.policy.service_levels.hours)


async def update_form(ctx: AppContext, press: Press, form: ReplyForm) -> None:
    """Update the form that the press came from, unless it has changed since."""
    view = render_form(ctx, form)
    await ctx.modals.update_view(press.view_id, view, seen_hash=press.view.get("hash"))


async def redraw_typed(ctx: AppContext, press: Press, text: str) -> None:
    """Redraw the form after the agent wrote in it. Slack keeps the text: its block id is unchanged.

    Where the case cannot be answered any more, the form says so.
    """
    opened = read_open_form(press)
    try:
        form = await load_form(ctx, opened)
    except Refused as refusal:
        await warn_in_form(ctx, press, refusal)
        return
    drawn = with_state(ctx, form, opened.metadata, text)
    assistance = shown_assistance(ctx, form.view, press.view)
    await update_form(ctx, press, replace(drawn, assistance=assistance))


def idle_assistance(ctx: AppContext, view: CaseView) -> FormAssistance | None:
    """Return what a model can do with an answer in the case; `None` where there is no model."""
    if ctx.assistant is None:
        return None
    language = view.case.assessment.language
    return FormAssistance(language=language if language != ctx.policy.agent_language else "")


def shown_assistance(ctx: AppContext, view: CaseView, shown: Mapping[str, Any]) -> FormAssistance | None:
    """Return what a redraw of the form `shown` tells of a request to a model.

    A failure, and that a text is back, are told only once. A request that is under way is given up by the
    redraw: its result no longer finds the form as it left it.
    """
    assistance = idle_assistance(ctx, view)
    if assistance is None:
        return None
    metadata = parse_metadata(shown.get("private_metadata"))
    return replace(
        assistance,
        stage=_AFTER_A_REDRAW.get(metadata.stage, metadata.stage),
        rewrite=metadata.rewrite,
        earlier_text=undo_text(shown),
    )


async def signature_of(ctx: AppContext, user_id: str) -> str:
    """Return the initials that the agent's public replies end with; empty where they do not."""
    if not ctx.policy.sign_with_initials:
        return ""
    return (await ctx.directory.person(user_id)).initials


def public_submission(
    metadata: FormMetadata, text: str, *, user_id: str, view_id: str
) -> PublicReplySubmission:
    """Return what the public form submits."""
    return PublicReplySubmission(
        case_id=metadata.case_id,
        user_id=user_id,
        text=text,
        seen=metadata.seen,
        version=metadata.version,
        client_key=form_key(metadata, view_id, is_private=False),
        confirmed=frozenset(metadata.confirmed),
        revision=metadata.revision,
        saved_reply=metadata.saved_reply,
        is_picked=metadata.is_picked,
        is_signed=metadata.is_signed,
        take_over_from=metadata.take_over_from,
    )
