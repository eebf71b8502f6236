"""Convert the choices to the domain's policy."""

from collections.abc import Mapping
from datetime import timedelta

from adapters.settings.choices import Choices
from adapters.settings.digests import digest_plans
from adapters.settings.routes import Route as RouteChoice
from adapters.settings.service_levels import service_levels
from domain.access import Role, Standing
from domain.cases.rota import RotaMode, RotaPolicy
from domain.cases.routes import Route
from domain.cases.tags import ListedCustomer
from domain.model_calls import ModelBudget
from domain.outages.policy import Component, OutagePolicy, Right
from domain.policy import Policy, Roles
from domain.records.retention import Retention
from domain.surge.spending import SpendingBudget

_OUTSIDERS = {"guests": Standing.GUEST, "strangers": Standing.STRANGER, "bots": Standing.BOT}


def policy(
    choices: Choices,
    *,
    brand: str,
    channel_ids: Mapping[str, str],
    drafting: bool,
    group_ids: Mapping[str, str] | None = None,
) -> Policy:
    """Return the policy of these choices.

    `brand` is the name where none was chosen; `channel_ids` are by channel name, and `group_ids` those of the
    user groups that rules mention, by handle or id as written.
    """
    return Policy(
        brand=choices.brand.name or brand,
        support_channel=channel_ids[choices.slack.support_channel],
        fallback_channel=channel_ids[choices.slack.fallback_channel],
        help_url=choices.brand.help_url,
        default_language=choices.brand.language,
        routes=tuple(_route(route, channel_ids, group_ids or {}) for route in choices.slack.routes),
        fold_window=timedelta(hours=choices.intake.fold_hours),
        service_levels=service_levels(choices, channel_ids),
        managers=channel_ids.get(choices.sla.managers, choices.sla.managers),
        notifies_managers_of_promises=choices.promises.tell_managers,
        alert_channel=channel_ids[choices.slack.oncall_channel],
        remind_offer_after=timedelta(minutes=choices.handoff.remind_minutes),
        offer_expires_after=timedelta(hours=choices.handoff.expire_hours),
        match_window=timedelta(days=choices.handoff.match_days),
        keep_examples=timedelta(days=choices.triage.example_days),
        answer_retention=timedelta(days=choices.knowledge.keep_days),
        drafting=drafting,
        model_budget=_model_budget(choices),
        spending=_spending(choices),
        look_back=timedelta(hours=choices.intake.look_back_hours),
        look_back_budget=choices.intake.look_back_budget,
        sign_with_initials=choices.reply.sign_with_initials,
        agent_language=choices.triage.agent_language,
        outages=outage_policy(choices, channel_ids),
        spike_false_alarms=choices.surge.false_alarms,
        reports_group=choices.reports.managers_group,
        digests=digest_plans(choices.reports.digests, channel_ids, zone=choices.office.zone),
        issues_read_every=timedelta(seconds=choices.trackers.read_seconds),
        issues_link_to_slack=choices.trackers.link_to_slack,
        outlook=choices.outlook.policy,
        retention=retention(choices),
        roles=_roles(choices),
        may_also_act=frozenset(_OUTSIDERS[name] for name in choices.slack.may_also_act),
        masks_contacts=choices.cards.mask_contacts,
        rota=_rota(choices),
        proposed_tags=choices.tags.proposed,
        listed_customers=_listed_customers(choices),
        forms_of_address=choices.address.forms,
    )


def _rota(choices: Choices) -> RotaPolicy:
    stale = choices.rota.stale_minutes
    return RotaPolicy(
        mode=RotaMode(choices.rota.mode),
        cap=choices.rota.cap,
        stale_after=timedelta(minutes=stale) if stale else None,
    )


def _listed_customers(choices: Choices) -> tuple[ListedCustomer, ...]:
    return tuple(
        ListedCustomer(handle=one.handle, tag=one.tag, reason=one.reason, network=one.network)
        for one in choices.tags.customers
    )


def _model_budget(choices: Choices) -> ModelBudget:
    return ModelBudget(daily_tokens=choices.model.daily_tokens, daily_cost=choices.model.daily_cost)


def _spending(choices: Choices) -> SpendingBudget:
    chosen = choices.intake
    return SpendingBudget(daily=chosen.daily_budget, pauses_mentions=chosen.budget_pauses_mentions)


def _roles(choices: Choices) -> Roles:
    chosen = choices.roles
    return Roles(
        viewer=chosen.viewer_group,
        lead=chosen.lead_group,
        records=chosen.records_group,
        contact_data=frozenset(Role(name) for name in chosen.contact_data),
    )


def retention(choices: Choices) -> Retention:
    """Return how long content is kept."""
    chosen = choices.retention
    return Retention(
        posts=_days(chosen.posts_days),
        chats=_days(chosen.chats_days),
        mails=_days(chosen.mails_days),
        files=_days(chosen.files_days),
        audit=_days(chosen.audit_days),
    )


def _days(number: int) -> timedelta | None:
    """Return so many days; `None` for 0, which means for ever."""
    return timedelta(days=number) if number else None


def _route(route: RouteChoice, channel_ids: Mapping[str, str], group_ids: Mapping[str, str]) -> Route:
    return Route(
        name=route.name,
        situation=route.situation.value if route.situation is not None else None,
        language=route.language,
        words=route.words,
        network=route.network,
        account=route.account,
        customer_tag=route.customer_tag,
        channel=channel_ids[route.channel] if route.channel is not None else None,
        group=group_ids.get(route.mention) if route.mention is not None else None,
        rank_step={"raise": 1, "lower": -1, None: 0}[route.rank],
    )


def outage_policy(choices: Choices, channel_ids: Mapping[str, str] | None = None) -> OutagePolicy:
    """Return the settings of outages; with the channels' names where no ids are given."""
    chosen, ids = choices.outages, channel_ids or {}
    announcements = choices.slack.announcements_channel
    groups = {
        Right.DRAFT: chosen.draft_group,
        Right.APPROVE: chosen.approve_group,
        Right.ANNOUNCE: chosen.announce_group,
        Right.PAUSE: chosen.pause_group,
    }
    return OutagePolicy(
        components=tuple(
            Component(name=component.name, words=component.words, ids=component.ids)
            for component in chosen.components
        ),
        needs_approval=chosen.approval,
        groups={right: group for right, group in groups.items() if group},
        oncall_channel=ids.get(choices.slack.oncall_channel, choices.slack.oncall_channel),
        announcements_channel=ids.get(announcements, announcements) or None,
        rehearsal_channel=_rehearsal_channel(choices, ids),
        update_after=timedelta(minutes=chosen.update_minutes),
        link_window=timedelta(days=chosen.link_days),
        link_above=chosen.link_above or None,
        mails_per_second=chosen.mails_per_second,
    )


def _rehearsal_channel(choices: Choices, ids: Mapping[str, str]) -> str | None:
    """Return the rehearsal channel; `None` where it has another use, in which real cards are pressed."""
    chosen = choices.slack.rehearsal_channel
    channel = ids.get(chosen, chosen)
    real = {ids.get(name, name) for name in choices.real_channels()}
    return None if not channel or channel in real else channel
