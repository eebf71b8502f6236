"""Propose the title of the outage behind a spike, which a person edits; none where it is not sure."""

from collections.abc import Iterable, Mapping, Sequence

from domain.cases.search import folded
from domain.outages.forms import MAX_TITLE_LENGTH
from domain.surge.series import Arrival, Series, SeriesFinder, SeriesKind
from domain.triage.situations import Situation

#: The sentence of each situation that says what does not work. Who asks for a refund may do so because of any
#: outage, and a report of one alone does not say of what.
TITLES = {
    Situation.CANNOT_PAY.value: "title_cannot_pay",
    Situation.ACCOUNT_ACCESS.value: "title_account_access",
    Situation.DELIVERY.value: "title_delivery",
}
OF_COMPONENTS = "title_components"


def prevailing(
    posts: Sequence[Arrival], series: Iterable[Series], finder: SeriesFinder
) -> tuple[Series, ...]:
    """Return those of the series that more than half of the posts are in; each author has one post."""
    found = [frozenset(finder.find(post)) for post in posts]
    return tuple(one for one in series if 2 * sum(one in own for own in found) > len(posts))


def proposed_title(series: Iterable[Series], words: Mapping[str, str], finder: SeriesFinder) -> str:
    """Return a title for an outage with most posts in these series; empty where that says too little.

    `words` are the sentences of notices in the title's language.
    """
    known = list(series)
    problem = next((words[TITLES[one.subject]] for one in known if _says_what_fails(one)), "")
    named = finder.components_in(folded(problem))
    components = [
        one.subject for one in known if one.kind is SeriesKind.COMPONENT and one.subject not in named
    ]
    listed = ", ".join(components)
    if problem:
        candidates = [f"{problem} ({listed})", problem] if components else [problem]
    else:
        candidates = [words[OF_COMPONENTS].replace("{components}", listed)] if components else []
    return next((title for title in candidates if len(title) <= MAX_TITLE_LENGTH), "")


def _says_what_fails(series: Series) -> bool:
    return series.kind is SeriesKind.SITUATION and series.subject in TITLES
