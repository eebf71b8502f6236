"""Load the form of a bulk answer with its preview, check its wordings, and load the results."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.cases.case import Case
from domain.errors import Refused
from domain.networks import Networks
from domain.outages.answer_wordings import Wordings, faulty_line, lines_of, with_room
from domain.outages.approved_wordings import greetings_of, values_of
from domain.outages.bulk_answers import BulkAnswer, BulkPurpose
from domain.outages.bulk_forms import (
    MAX_LANGUAGES,
    MAX_WORDINGS_LENGTH,
    RESULTS_ON_A_PAGE,
    BulkForm,
    BulkResult,
    BulkResults,
    LanguageWordings,
    TypedWordings,
    WordingFault,
)
from domain.outages.current_notices import newest_notice
from domain.outages.drafts import NoticeWords
from domain.outages.lifecycle import Actor
from domain.outages.outage import Outage
from domain.outages.policy import Right
from domain.replies.rules_of_engagement import RulesOfEngagement
from domain.triage.saved_replies import fill_values
from handlers.cases.rules_of_engagement import broken_rules
from handlers.outages.bulk_answers import BulkRequest, plan_bulk_answer, reply_of, start_bulk_answer
from handlers.outages.links import MAX_LINKS
from handlers.outages.lookup import get_outage
from storage.unit_of_work import UnitOfWork

_NAMES = {BulkPurpose.ANSWER: "answers", BulkPurpose.SOLVED: "solutions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkMeans:
    """What a bulk answer needs besides the outage."""

    networks: Networks
    rules: RulesOfEngagement
    words: NoticeWords


def load_bulk_form(
    uow: UnitOfWork,
    *,
    outage_id: int,
    purpose: BulkPurpose,
    typed: TypedWordings | None,
    means: BulkMeans,
    actor: Actor,
    now: datetime,
) -> BulkForm:
    """Load the form with what is typed, `None` for what is proposed, and with what each would get."""
    actor.require(Right.ANNOUNCE)
    outage = get_outage(uow, outage_id)
    linked = uow.linked_cases.of_outage(outage.id, purpose, limit=MAX_LINKS)
    values = _values(uow, outage, [case.assessment.language for case in linked], means.words, now)
    people = Counter(case.assessment.language for case in linked)
    ranked = sorted(people.items(), key=lambda one: (-one[1], one[0]))
    languages = [
        _wordings(language, number, linked, purpose, typed, values[language], means)
        for language, number in ranked[:MAX_LANGUAGES]
    ]
    request = _request(outage, purpose, languages, values, means.words)
    plan = plan_bulk_answer(
        uow,
        request=request,
        networks=means.networks,
        rules=means.rules,
        by=actor.user_id,
        now=now,
    )
    return BulkForm(
        outage=outage,
        purpose=purpose,
        languages=languages,
        plan=plan,
        by=actor.user_id,
        unlisted=dict(ranked[MAX_LANGUAGES:]),
    )


def start_from_form(
    uow: UnitOfWork, *, form: BulkForm, client_key: str, means: BulkMeans, actor: Actor, now: datetime
) -> BulkAnswer | None:
    """Start what the form shows; `None` where the same form was submitted before."""
    languages = [one.language for one in form.languages]
    values = _values(uow, form.outage, languages, means.words, now)
    return start_bulk_answer(
        uow,
        request=_request(form.outage, form.purpose, form.languages, values, means.words),
        client_key=client_key,
        networks=means.networks,
        rules=means.rules,
        actor=actor,
        now=now,
    )


def load_results(uow: UnitOfWork, *, bulk_id: int, page: int) -> BulkResults:
    """Load a page of what became of a bulk answer. Raises `Refused` where it does not exist."""
    try:
        bulk = uow.bulk_answers.get(bulk_id)
    except LookupError:
        raise Refused("This bulk answer is not here any more. The board shows those that are.") from None
    rows = uow.bulk_answers.rows(bulk_id, limit=RESULTS_ON_A_PAGE, offset=page * RESULTS_ON_A_PAGE)
    return BulkResults(
        outage=uow.outages.get(bulk.outage_id),
        bulk=bulk,
        results=[
            BulkResult(
                row=row,
                case=uow.cases.get(row.case_id),
                delivery=uow.messages.get(row.message_id).delivery if row.message_id else None,
            )
            for row in rows
        ],
        page=page,
        total=sum(uow.bulk_answers.progress(bulk_id).values()),
    )


def _values(
    uow: UnitOfWork, outage: Outage, languages: Sequence[str], words: NoticeWords, now: datetime
) -> dict[str, dict[str, str]]:
    notice = newest_notice(uow.notices.of_outage(outage.id))
    return {language: values_of(outage, notice, language, words, now) for language in set(languages)}


def _wordings(
    language: str,
    people: int,
    linked: Sequence[Case],
    purpose: BulkPurpose,
    typed: TypedWordings | None,
    values: Mapping[str, str],
    means: BulkMeans,
) -> LanguageWordings:
    left_out = 0
    if typed is None:
        # One line each: what to do meanwhile may have been written in several.
        on_one_line = {name: " ".join(value.split()) for name, value in values.items()}
        proposed = lines_of(means.words.of(language)[_NAMES[purpose]])
        filled = [fill_values(line, on_one_line) for line in proposed]
        lines = with_room(filled, most=MAX_WORDINGS_LENGTH)
        left_out = len(filled) - len(lines)
    else:
        lines = typed.lines.get(language, ())
    is_chosen = bool(lines) if typed is None else language in typed.chosen
    example = next(case for case in linked if case.assessment.language == language)
    fault = _fault(example, lines, values, means) if is_chosen else None
    return LanguageWordings(
        language=language,
        people=people,
        lines=lines,
        is_chosen=is_chosen,
        fault=fault,
        left_out=left_out,
    )


def _fault(
    example: Case, lines: Sequence[str], values: Mapping[str, str], means: BulkMeans
) -> WordingFault | None:
    """Return the first wording that cannot be filled, or that breaks a rule for this customer."""
    filled = {**values, "name": "Ana"}
    line = faulty_line(lines, filled)
    if line is not None:
        return WordingFault(line=line)
    for line in lines:
        reply = reply_of(example, fill_values(line, filled), means.networks)
        hard = tuple(one for one in broken_rules(example, reply, means.rules) if one.hard)
        if hard:
            return WordingFault(line=line, violations=hard)
    return None


def _request(
    outage: Outage,
    purpose: BulkPurpose,
    languages: Sequence[LanguageWordings],
    values: Mapping[str, Mapping[str, str]],
    words: NoticeWords,
) -> BulkRequest:
    """Ask for the chosen languages whose wordings have no fault."""
    wordings = {
        one.language: Wordings(greetings=greetings_of(words, one.language), bodies=one.lines)
        for one in languages
        if one.is_chosen and one.lines and one.fault is None
    }
    return BulkRequest(outage_id=outage.id, purpose=purpose, wordings=wordings, values=values)
