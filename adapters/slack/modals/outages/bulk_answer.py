"""Render the form by which linked customers are answered in bulk, with its preview, and the results."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from adapters.slack.action_ids import BadValue, pair_value, parse_id
from adapters.slack.blocks import (
    DIVIDER,
    Json,
    actions,
    button,
    checkboxes,
    context,
    option,
    paragraph,
    with_accessory,
)
from adapters.slack.escaping import (
    cut_at_word,
    escape,
    inline,
    link,
    mention,
    one_line,
    shorten,
    strip_control,
)
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input, typed_input
from adapters.slack.outages.link_ids import (
    LinkAction,
    LinkCallback,
    who_block,
    wordings_block,
)
from adapters.slack.outages.wording import state_mark, state_name, titled
from adapters.slack.permalinks import card_link
from adapters.slack.refusal_texts import violation_text
from adapters.slack.rich_text import quote, rich_text, section, text_node
from adapters.slack.wording import count_of, display_name, language_name
from domain.cases.messages import Delivery
from domain.outages.bulk_answers import BulkPurpose, RowState, SkipReason
from domain.outages.bulk_forms import (
    RESULTS_ON_A_PAGE,
    BulkForm,
    BulkResult,
    BulkResults,
    LanguageWordings,
    WordingFault,
)

MAX_PREVIEWED = 10
MAX_CHECKBOXES = 10  # of one element
MAX_TEXT_LENGTH = 400
CHANGED = "✏️ *The wordings have changed.* Read the preview below, then send."
_SKIPPED = {
    SkipReason.CLOSED: "closed",
    SkipReason.NOT_LINKED: "not linked any more",
    SkipReason.ANSWERED: "answered already",
    SkipReason.CLAIMED: "claimed by a colleague",
    SkipReason.IN_PRIVATE: "in a private conversation",
    SkipReason.NOT_ADDRESSED: "did not write to us",
    SkipReason.OPTED_OUT: "asked not to be written to",
    SkipReason.GRAVE: "in danger, vulnerable or about to sue: answer them one by one",
    SkipReason.UNSETTLED: "has an answer on the way",
    SkipReason.ANSWERED_BEFORE: "told before",
    SkipReason.NO_WORDING: "no wording left in their language",
    SkipReason.RULE_BROKEN: "the text would break a rule",
    SkipReason.ABORTED: "stopped",
}
_DELIVERY = {
    Delivery.QUEUED: "⏳ on the way",
    Delivery.SENT: "✓ sent",
    Delivery.FAILED: "❌ not sent",
    Delivery.UNSURE: "❓ not sure that it was sent",
}
_METADATA = re.compile(r"([0-9]{1,19}):(answer|solved):([0-9a-f]{16})")


@dataclass(frozen=True, slots=True)
class BulkMetadata:
    """The outage, what is told, and the digest of the wordings whose preview is shown."""

    outage_id: int
    purpose: BulkPurpose
    seen: str


def parse_bulk_metadata(text: object) -> BulkMetadata:
    """Parse the metadata of the form; raises `BadValue`."""
    match = _METADATA.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise BadValue
    return BulkMetadata(parse_id(match[1]), BulkPurpose(match[2]), match[3])


def render_bulk_form(form: BulkForm, *, feedback: str = "") -> View:
    """Render the form: who is answered, the wordings, and the first texts as they would be sent."""
    people = len(form.plan.texts)
    blocks = [
        *([paragraph(feedback)] if feedback else []),
        paragraph(
            f"{state_mark(form.outage)} {titled(form.outage)} · {state_name(form.outage)}\n{_who(form)}"
        ),
        *_skipped(form),
        *_languages(form),
        *_unlisted(form),
        *[_input(one) for one in form.languages],
        DIVIDER,
        *_preview(form),
    ]
    return modal(
        "Answer linked cases" if form.purpose is BulkPurpose.ANSWER else "Tell it is solved",
        LinkCallback.ANSWERS,
        blocks,
        submit=f"Send {count_of(people, 'answer')}" if people else "Check again",
        metadata=f"{form.outage.id}:{form.purpose.value}:{form.digest}",
    )


def fault_text(fault: WordingFault) -> str:
    """Say in plain text what is wrong with a wording."""
    line = inline(fault.line, 80)
    if fault.violations:
        return f"“{line}” {' '.join(violation_text(one) for one in fault.violations)}"[:400]
    return (
        f"“{line}” cannot be filled. Known are {{{{ name }}}}, {{{{ time }}}} and {{{{ workaround }}}}; "
        "put what may be missing into [[ … ]]."
    )


def render_results(results: BulkResults, *, team_url: str) -> View:
    """Render what became of each customer's answer, with links to the cards."""
    rows = [paragraph(_result(one, team_url)) for one in results.results]
    head = f"{state_mark(results.outage)} {titled(results.outage)} · {count_of(results.total, 'customer')}"
    bulk, page = results.bulk, results.page
    elements = []
    if page:
        elements.append(button("Previous page", LinkAction.RESULTS_BACK, pair_value(bulk.id, page - 1)))
    if (page + 1) * RESULTS_ON_A_PAGE < results.total:
        elements.append(button("Next page", LinkAction.RESULTS_PAGE, pair_value(bulk.id, page + 1)))
    return modal("Results", LinkCallback.RESULTS, [paragraph(head), *rows, *actions(elements)], close="Close")


def _who(form: BulkForm) -> str:
    people = len(form.plan.texts)
    if not people:
        return "*Nobody can be answered now.*"
    noun = "person" if people == 1 else "people"
    closed = f" ({form.plan.closed:,} of them in closed cases)" if form.plan.closed else ""
    cost = f" · costs about ${form.plan.cost:.2f}" if form.plan.cost else ""
    return (
        f"*{people:,} {noun}*{closed} will be answered in public, in the name of {mention(form.by)}, each in other "
        f"words · {_duration(form.plan.duration)}{cost}"
    )


def _duration(duration: timedelta) -> str:
    minutes = round(duration.total_seconds() / 60)
    if minutes < 1:
        return "takes less than a minute"
    return f"takes about {count_of(minutes, 'minute')}"


def _skipped(form: BulkForm) -> list[Block]:
    counts = Counter(reason for _, reason in form.plan.skipped)
    if not counts:
        return []
    parts = [f"{number:,} {_SKIPPED[reason]}" for reason, number in counts.most_common()]
    return [context(f"Not answered: {' · '.join(parts)}")]


def _languages(form: BulkForm) -> list[Block]:
    """Render the choice of who is answered by language, where there are several."""
    if not form.languages[1:]:
        return []
    groups = range(0, len(form.languages), MAX_CHECKBOXES)
    return [_checkboxes(first, form.languages[first : first + MAX_CHECKBOXES]) for first in groups]


def _checkboxes(first: int, shown: Sequence[LanguageWordings]) -> Block:
    """Render a group of languages, of which the form's first one is at position `first`."""
    options = {one.language: _language_option(one) for one in shown}
    chosen = [options[one.language] for one in shown if one.is_chosen]
    element = checkboxes(LinkAction.WHO, options.values(), chosen)
    label = "Who is answered" if not first else "… and in further languages"
    return form_input(who_block(first // MAX_CHECKBOXES), label, element, optional=True)


def _unlisted(form: BulkForm) -> list[Block]:
    if not form.unlisted:
        return []
    cases = count_of(sum(form.unlisted.values()), "linked case")
    languages = count_of(len(form.unlisted), "more language")
    return [context(f"⚠️ {cases} in {languages} have no room here: answer them one by one.")]


def _language_option(one: LanguageWordings) -> Json:
    return option(f"{language_name(one.language)} · {count_of(one.people, 'linked case')}", one.language)


def _hint(one: LanguageWordings) -> str:
    """Return the hint below the wordings; where some have no room, it tells that, as nothing is cut."""
    if one.left_out:
        wordings = count_of(one.left_out, "approved wording")
        return (
            f"{wordings} more: no room here, so not sent. What to do meanwhile is long in each; shorten it."
        )
    return "A greeting with their first name comes before each. Nobody gets the same text."


def _input(one: LanguageWordings) -> Block:
    return typed_input(
        wordings_block(one.language),
        LinkAction.WORDINGS,
        f"Wordings in {language_name(one.language)}, one a line",
        "\n".join(one.lines),
        multiline=True,
        optional=True,
        hint=_hint(one),
    )


def _preview(form: BulkForm) -> list[Block]:
    shown = form.plan.texts[:MAX_PREVIEWED]
    head = f"*Preview:* the first {len(shown)} of {len(form.plan.texts):,}" if shown else "*Preview:* nobody"
    again = button("Update preview", LinkAction.PREVIEW, str(form.outage.id))
    texts = [
        rich_text(
            section([text_node(display_name(case), bold=True)]),
            quote(strip_control(shorten(text, MAX_TEXT_LENGTH))),
        )
        for case, text in shown
    ]
    return [with_accessory(paragraph(head), again), *_faults(form.languages), *texts]


def _faults(languages: Iterable[LanguageWordings]) -> list[Block]:
    lines = [
        f"⛔ *{escape(language_name(one.language))}:* {escape(fault_text(one.fault))}"
        for one in languages
        if one.fault is not None
    ]
    return [paragraph("\n".join(lines))] if lines else []


def _result(one: BulkResult, team_url: str) -> str:
    name = inline(display_name(one.case), 60)
    address = card_link(team_url, one.case)
    text = escape(cut_at_word(one_line(one.row.text), 100))
    return f"{_outcome(one)} · {link(address, name)}: {text}"


def _outcome(one: BulkResult) -> str:
    if one.row.reason is not None:
        return f"➖ skipped: {_SKIPPED[one.row.reason]}"
    if one.row.state is RowState.WAITING or one.delivery is None:
        return "⏳ to go"
    return _DELIVERY[one.delivery]
