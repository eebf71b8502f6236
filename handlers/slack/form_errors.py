"""Report why a form is refused, below or above its inputs, so that the typed text is kept."""

from dataclasses import replace
from typing import Any, TypeVar

from adapters.slack.modals import FormMetadata, render_paragraph, with_refusal
from adapters.slack.refusal_texts import named_refusal_text, refusal_text
from domain.errors import AlreadyClosed, AssignedToAnother, Refused
from domain.handoffs.forms import HandoffForm
from domain.replies.forms import PrivateReplyForm, PublicReplyForm
from handlers.context import AppContext
from handlers.slack.payloads import Press

TEXT_STAYS = "Your text is still here: copy it before you close this form."
FormT = TypeVar("FormT", PublicReplyForm, PrivateReplyForm, HandoffForm)


def input_error(block_id: str, why: str) -> dict[str, Any]:
    """Build the view response that leaves the form open and shows `why` below one of its inputs."""
    return {"response_action": "errors", "errors": {block_id: why}}


def show_in_place(escaped: str, *, title: str = "Switchboard") -> dict[str, Any]:
    """Build the view response that shows a paragraph of mrkdwn in place of the submitted form."""
    return {"response_action": "update", "view": render_paragraph(escaped, title=title)}


async def form_refusal_text(ctx: AppContext, refusal: Refused) -> str:
    """Return the refusal as plain text, all that Slack shows there: people are named, not mentioned."""
    match refusal:
        case AssignedToAnother(assignee=str(user_id)) | AlreadyClosed(by=str(user_id)):
            name = (await ctx.directory.person(user_id)).name or "somebody else"
            text = named_refusal_text(refusal, name)
        case _:
            text = refusal_text(refusal)
    return f"{text} {TEXT_STAYS}"


async def warn_in_form(ctx: AppContext, press: Press, refusal: Refused) -> None:
    """Say in the form that is typed in why it cannot be sent now; a window over it would take its text.

    The form keeps what is typed, and is drawn as it was once nothing hinders it any more.
    """
    view = with_refusal(press.view, await form_refusal_text(ctx, refusal))
    if view is not None:
        await ctx.modals.update_view(str(press.view.get("id")), view, seen_hash=press.view.get("hash"))


def keep_opened_state(form: FormT, metadata: FormMetadata) -> FormT:
    """Return a redrawn form that keeps the case version and the newest seen message from when it was opened.

    A redraw does not show new messages, so that a change in between is still detected at submission.
    """
    view = replace(form.view, case=replace(form.view.case, version=metadata.version))
    return replace(form, view=view, seen=metadata.seen)
