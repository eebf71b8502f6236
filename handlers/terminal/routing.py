"""Try the rules of routing and the service levels on a post."""

import argparse
from collections.abc import Callable, Iterable
from dataclasses import replace

from adapters.settings import Choices, policy
from adapters.slack.api_calls import CALL_ERRORS
from adapters.slack.cases.route_wording import conditions_text
from adapters.slack.directory import Directory
from adapters.slack.labels import rank_reason_text, situation_label, urgency_label
from adapters.slack.reports.wording import duration
from adapters.slack.wording import language_name
from domain.cases.routes import Route, RouteFacts
from domain.cases.tags import tag_name
from domain.diagnostics import CheckLine
from domain.errors import UnusableFile
from domain.policy import Policy
from domain.triage.assessment import Assessment
from domain.triage.situations import Situation
from domain.venues import Venue
from handlers.triage.classify import Classifier
from handlers.triage.trained_heads import Text

EMAIL = Venue.EMAIL.value
_STEPS = {-1: "ranked lower", 0: "", 1: "ranked higher"}


def refuse_wrong_options(asked: argparse.Namespace, networks: Iterable[str]) -> None:
    """Raise `UnusableFile` for an unknown network, and for options of a post where there is no post."""
    known = sorted({*networks, EMAIL})
    if asked.network is not None and asked.network not in known:
        raise UnusableFile(f"There is no network “{asked.network}”. Write one of: {', '.join(known)}.")
    if asked.post is None and (asked.network is not None or asked.account is not None or asked.tag):
        raise UnusableFile("--network, --account and --tag are of a post: add --post with its text.")


def try_post(
    asked: argparse.Namespace, choices: Choices, make_classifier: Callable[..., Classifier]
) -> list[str]:
    """Read a post as if it had arrived, and apply the rules to it; return the lines to print.

    `asked` has the post, and the network, our account and the customer's tags that it came with, if given.
    """
    names = {name: name for name in choices.channels()}
    groups = {route.mention: route.mention for route in choices.slack.routes if route.mention is not None}
    chosen = policy(choices, brand="", channel_ids=names, group_ids=groups, drafting=False)
    classifier = replace(make_classifier(trained=choices.triage.encoder != "none"), policy=chosen)
    text = Text(asked.post, classifier.language(asked.post, None))
    [(assessment, _)] = classifier.classify([text])
    facts = RouteFacts(
        assessment=assessment,
        text=asked.post,
        network=asked.network or "",
        account=asked.account or "",
        customer_tags=[tag_name(tag) for tag in asked.tag],
    )
    return [*_reading(assessment), _target(chosen, facts), *_rules(chosen, facts)]


async def check_routes(choices: Choices, directory: Directory, networks: Iterable[str]) -> list[CheckLine]:
    """Check that the user groups and networks exist that rules name; return a line for each that does not."""
    lines, known = [], {*networks, EMAIL}
    for route in choices.slack.routes:
        name = f"slack.routes, “{route.name}”"
        if route.network is not None and route.network not in known:
            detail = f"there is no network {route.network}, so the rule never applies"
            lines.append(
                CheckLine(name, ok=False, detail=detail, remedy=f"one of: {', '.join(sorted(known))}")
            )
        if route.mention is not None:
            try:
                await directory.group_id(route.mention)
            except CALL_ERRORS as error:
                remedy = "create the user group in Slack, or name another one"
                lines.append(CheckLine(name, ok=False, detail=f"nobody is mentioned: {error}", remedy=remedy))
    return lines


def _reading(assessment: Assessment) -> list[str]:
    reasons = ", ".join(rank_reason_text(reason) for reason in assessment.reasons)
    urgency = urgency_label(assessment.urgency) + (f" ({reasons})" if reasons else "")
    return [
        f"Language:  {language_name(assessment.language)}",
        f"Situation: {situation_label(assessment.situation)}",
        f"Urgency:   {urgency}",
    ]


def _target(chosen: Policy, facts: RouteFacts) -> str:
    """Say within which times the case is to be answered and resolved, and by which policy."""
    levels, assessment = chosen.service_levels, facts.assessment
    level = levels.matching(assessment, chosen.channel_of(chosen.route(facts)), facts.customer_tags)
    if level is None and assessment.situation is Situation.SPAM:
        return "Target:    none: no answer is due to spam, unless a policy names that situation"
    if level is None:
        targets = {"first answer": levels.defaults[assessment.urgency]}
        by = f"sla.{assessment.urgency.name.lower()}, as no policy matches"
    else:
        targets = {
            name: target
            for name, target in (
                ("first answer", level.first),
                ("next answer", level.following),
                ("resolution", level.resolution),
            )
            if target is not None
        }
        by = f"policy “{level.name}”"
    within = " · ".join(f"{name} {duration(target.total_seconds())}" for name, target in targets.items())
    counted = "in office hours" if levels.hours_of(level).spans else "at all hours"
    return f"Target:    {within}, {counted} ({by})"


def _rules(chosen: Policy, facts: RouteFacts) -> list[str]:
    """Say of each rule up to the one that decides why it does not apply, and what follows."""
    taken = chosen.route(facts)
    lines = []
    for route in chosen.routes:
        unmet = route.unmet(facts)
        why = f"no, it needs: {conditions_text(route, unmet)}" if unmet else f"yes: {conditions_text(route)}"
        lines.append(f"Rule:      {route.name}: {why}")
        if route is taken:
            break
    lines += [] if taken is not None else ["Rule:      none applies"]
    return [*lines, f"Channel:   {chosen.channel_of(taken)}", *_effects(taken)]


def _effects(taken: Route | None) -> list[str]:
    if taken is None:
        return []
    effects = [f"mentions @{taken.group.removeprefix('@')}" if taken.group else "", _STEPS[taken.rank_step]]
    does = ", ".join(effect for effect in effects if effect)
    return [f"Besides:   {does}"] if does else []
