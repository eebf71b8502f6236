"""Define the configurable policy: routing, service levels, time windows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from domain.access import DEFAULT_CONTACT_ROLES, Members, Role, Standing
from domain.cases.rota import RotaPolicy
from domain.cases.routes import Route, RouteFacts, first_match
from domain.cases.service_levels import ServiceLevels
from domain.cases.tags import ListedCustomer
from domain.model_calls import ModelBudget
from domain.outages.policy import OutagePolicy, Right
from domain.records.retention import Retention
from domain.reports.digests import DigestPlan
from domain.reports.outlook import OutlookPolicy
from domain.surge.spending import SpendingBudget
from domain.triage.form_of_address import DEFAULT_FORMS, FormOfAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The user groups of roles, by handle or id, and the roles that see contact data.

    Without one of viewers nobody has that role; without one of leads or for records every agent has it.
    """

    viewer: str = ""
    lead: str = ""
    records: str = ""
    contact_data: frozenset[Role] = DEFAULT_CONTACT_ROLES


#: The right on outages that each role of people on call stands for.
ON_CALL_ROLES: Mapping[Role, Right] = {
    Role.DRAFTER: Right.DRAFT,
    Role.APPROVER: Right.APPROVE,
    Role.ANNOUNCER: Right.ANNOUNCE,
    Role.PAUSER: Right.PAUSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The settings that the rules depend on. Channels are the team chat's ids where those are known.

    Cards go to the channel of the first matching route, else to `support_channel`, and to `fallback_channel`
    where the bot cannot post there; alerts go to `alert_channel`. `forms_of_address` are by language.
    `managers` are told of missed targets: a channel, or a user group ("@" and its handle); empty: nobody is.
    `notifies_managers_of_promises`: they are told of broken promises, too.
    `spike_false_alarms` are those a month that the detection of spikes may raise, 0 for no such alerts.
    Mentions of the last `look_back` are listed again, for at most `look_back_budget` US dollars a day.
    `reports_group` is the user group that may see summaries and exports; empty: who may work on cases.
    `may_also_act` are those besides members of the workspace who have the roles that they are listed for.
    `masks_contacts`: e-mail addresses and phone numbers of customers are masked, and their files kept back,
    until somebody asks to see them.
    `issues_read_every` is how often trackers are asked what was closed; `issues_link_to_slack`: a new issue
    links to the case's thread.
    """

    brand: str
    support_channel: str
    fallback_channel: str
    alert_channel: str
    help_url: str = ""
    default_language: str = "en"
    routes: tuple[Route, ...] = ()
    fold_window: timedelta = timedelta(hours=48)
    reopen_window: timedelta = timedelta(days=14)
    service_levels: ServiceLevels = field(default_factory=ServiceLevels)
    managers: str = ""
    notifies_managers_of_promises: bool = False
    remind_offer_after: timedelta = timedelta(minutes=30)
    offer_expires_after: timedelta = timedelta(hours=24)
    match_window: timedelta = timedelta(days=30)
    keep_examples: timedelta = timedelta(days=365)
    answer_retention: timedelta = timedelta(days=365)
    drafting: bool = False
    model_budget: ModelBudget = field(default_factory=ModelBudget)
    spending: SpendingBudget = field(default_factory=SpendingBudget)
    look_back: timedelta = timedelta(hours=3)
    look_back_budget: float = 0.5
    sign_with_initials: bool = False
    agent_language: str = "en"
    forms_of_address: Mapping[str, FormOfAddress] = field(default_factory=lambda: DEFAULT_FORMS)
    outages: OutagePolicy = field(default_factory=OutagePolicy)
    spike_false_alarms: float = 0.5
    reports_group: str = ""
    digests: tuple[DigestPlan, ...] = ()
    issues_read_every: timedelta = timedelta(minutes=2)
    issues_link_to_slack: bool = True
    outlook: OutlookPolicy = field(default_factory=OutlookPolicy)
    retention: Retention = field(default_factory=Retention)
    roles: Roles = field(default_factory=Roles)
    may_also_act: frozenset[Standing] = frozenset()
    masks_contacts: bool = False
    rota: RotaPolicy = field(default_factory=RotaPolicy)
    proposed_tags: tuple[str, ...] = ()
    listed_customers: tuple[ListedCustomer, ...] = ()

    def route(self, facts: RouteFacts) -> Route | None:
        """Return the first rule that matches; `None` where none does."""
        return first_match(self.routes, facts)

    def route_named(self, name: str | None) -> Route | None:
        """Return the rule with this name; `None` where there is none (any more)."""
        return next((route for route in self.routes if route.name == name), None)

    def channel_of(self, route: Route | None) -> str:
        """Return where the rule sends cards, else the support channel."""
        return self.support_channel if route is None or route.channel is None else route.channel

    def members(self, role: Role) -> Members:
        """Return who has the role. Who is an agent is not among these settings: its members are empty."""
        if right := ON_CALL_ROLES.get(role):
            group = self.outages.groups.get(right, "")
            return Members(group=group, channel="" if group else self.outages.oncall_channel)
        if role in {Role.VIEWER, Role.AGENT}:
            return Members(group=self.roles.viewer if role is Role.VIEWER else "")
        groups = {
            Role.LEAD: self.roles.lead,
            Role.MANAGER: self.reports_group,
            Role.RECORDS: self.roles.records,
        }
        return Members(group=groups[role], role=None if groups[role] else Role.AGENT)
