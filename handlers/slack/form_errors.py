"""What stops a form that somebody has written in: said below their text, which is never thrown away."""

from dataclasses import replace
from typing import Any, TypeVar

from adapters.slack.modals import FormMetadata
from adapters.slack.refusal_texts import named_refusal_text, refusal_text
from domain.errors import AlreadyClosed, HeldByAnother, Refused
from domain.handoffs.forms import MoveForm
from domain.replies.forms import AnswerForm
from handlers.context import AppContext

TEXT_STAYS = "Your text is still here: copy it before you close this form."
F = TypeVar("F", AnswerForm, MoveForm)


def stopped(block_id: str, why: str) -> dict[str, Any]:
    """Leave the form as it is, with the reason below one of its inputs."""
    return {"response_action": "errors", "errors": {block_id: why}}


async def why_stopped(ctx: AppContext, refusal: Refused) -> str:
    """The refusal in plain text, which is all that Slack shows there: people are named, not mentioned."""
    match refusal:
        case HeldByAnother(holder=str(user_id)) | AlreadyClosed(by=str(user_id)):
            name = (await ctx.directory.person(user_id)).name or "somebody else"
            said = named_refusal_text(refusal, name)
        case _:
            said = refusal_text(refusal)
    return f"{said} {TEXT_STAYS}"


def as_opened(form: F, metadata: FormMetadata) -> F:
    """A redrawn form has told no news: what it remembers of the case is what it knew when it was opened."""
    known = replace(form.view, case=replace(form.view.case, version=metadata.version))
    return replace(form, view=known, seen=metadata.seen)
