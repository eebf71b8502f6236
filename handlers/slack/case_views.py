"""Load and render the views of a case that are opened from several places: Details and the take-over form."""

from datetime import datetime

from adapters.slack.message_content import View
from adapters.slack.modals import render_details, render_take_over
from adapters.slack.modals.card_move import move_blocks
from domain.access import Permission
from domain.assistance.forms import CaseAssistance
from domain.cases.case import Case
from domain.cases.routes import Route
from domain.cases.views import CaseView
from handlers.access import may, permissions_of
from handlers.cases.card_moves import ProposedMove, proposed_move
from handlers.cases.views import view_details
from handlers.context import AppContext
from handlers.triage.classify import Classifier
from handlers.triage.outage_wordings import OutageWordings
from handlers.triage.suggest import with_suggestion
from storage.unit_of_work import UnitOfWork


async def details_view(
    ctx: AppContext, case_id: int, user_id: str, assistance: CaseAssistance | None = None
) -> View:
    """Render Details for the user; `assistance` is what became of a request to the model."""
    now = ctx.clock.now()
    classifier = await ctx.live_classifier.refresh_to_suggest()
    view, earlier = await ctx.desk.run_at_once(
        _view_details,
        case_id=case_id,
        reader=user_id,
        classifier=classifier,
        outage_wordings=ctx.outage_wordings,
        now=now,
    )
    move = await find_move(ctx, view.case)
    return render_details(
        ctx.abuse.case(view),
        earlier,
        now=now,
        ours=ctx.our_account(view.case.network),
        team_url=ctx.team_url,
        reader=user_id,
        assistance=assistance or case_assistance(ctx),
        guidance=ctx.rules.situations,
        route=ctx.policy.route_named(view.case.routing.rule),
        permissions=await permissions_of(ctx, user_id),
        hides_contacts=ctx.policy.masks_contacts,
        move=() if move is None else move_blocks(view.case, *named_move(ctx, move)),
        can_create_issues=bool(ctx.trackers),
    )


async def find_move(ctx: AppContext, case: Case) -> ProposedMove | None:
    """Return where the rules send the card now; `None` where it is there."""
    account = ctx.our_account(case.network).handle
    return await ctx.desk.run_at_once(proposed_move, case, ctx.policy, account=account)


def named_move(ctx: AppContext, move: ProposedMove) -> tuple[str, str, Route | None]:
    """Return the channel of the move, its name, and the rule."""
    return move.channel, ctx.directory.channel_name(move.channel), move.route


def _view_details(
    uow: UnitOfWork,
    *,
    case_id: int,
    reader: str,
    classifier: Classifier,
    outage_wordings: OutageWordings,
    now: datetime,
) -> tuple[CaseView, list[Case]]:
    view, earlier = view_details(uow, case_id=case_id, now=now, reader=reader)
    return with_suggestion(uow, view, classifier, now, outage_wordings), earlier


async def take_over_view(
    ctx: AppContext, case_id: int, user_id: str, assistance: CaseAssistance | None = None
) -> View:
    """Render the take-over form for the user; `assistance` is what became of a request to the model."""
    view, _ = await ctx.desk.run_at_once(view_details, case_id=case_id, reader=user_id, now=ctx.clock.now())
    # Without a group of leads everybody is one, and nobody misses the button.
    may_release = bool(ctx.policy.roles.lead) and await may(ctx, user_id, Permission.REASSIGN_CASES)
    may_take = await may(ctx, user_id, Permission.WORK_ON_CASES)
    return render_take_over(
        view.case,
        ctx.abuse.case(view),
        (assistance or case_assistance(ctx)) if may_take else None,
        may_release=may_release,
        may_take=may_take,
    )


def case_assistance(ctx: AppContext) -> CaseAssistance | None:
    """Return what a model can be asked about a case; `None` where there is no model."""
    if ctx.assistant is None:
        return None
    return CaseAssistance(language=ctx.policy.agent_language, sees=ctx.assistant.sees)
