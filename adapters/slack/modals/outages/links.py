"""Render the modals that link cases to an outage and undo links, in bulk with a preview."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from adapters.slack.action_ids import MAX_NUMBER, BadValue, pair_value
from adapters.slack.blocks import (
    MAX_OPTION_LENGTH,
    Json,
    actions,
    button,
    checkboxes,
    context,
    option,
    paragraph,
    paragraphs,
    plain_text,
    static_select,
    with_confirmation,
)
from adapters.slack.escaping import cut_at_word, escape, inline, one_line
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input
from adapters.slack.outages.link_ids import (
    LinkAction,
    LinkBlock,
    LinkCallback,
    cases_block,
)
from adapters.slack.outages.link_wording import certainty_name, certainty_word, reasons_text
from adapters.slack.outages.wording import state_mark, state_name, titled
from adapters.slack.wording import count_of, display_name, visible_text
from domain.outages.links import LinkPage, LinkRange, LinkRow, LinkState, ManyLinks
from domain.outages.outage import Outage

MAX_IN_GROUP = 10  # checkboxes of one element
MAX_LISTED = 10
MAX_OUTAGES = 100
MAX_TEXT_LENGTH = 300
_LINKING = "They rank by the outage, and their cards suggest the approved wording. Nobody is answered yet."
_UNDOING = "They rank as before, and are not proposed for this outage again. Nobody is told."
_RANGE = re.compile(
    r"(proposed|confirmed)\|([0-9]{1,19})\|([0-9T:.+-]{19,40})\|([01]\.[0-9]{1,17})\|([0-9]{1,19})"
)
_METADATA = re.compile(r"([0-9]{1,19}):([0-9]{1,9}):((?:[0-9]{1,19}(?:,[0-9]{1,19})*)?)")


@dataclass(frozen=True, slots=True)
class LinkMetadata:
    """What a modal of links shows: the outage, the page, and the cases."""

    outage_id: int
    page: int
    case_ids: tuple[int, ...]


def parse_link_metadata(text: object) -> LinkMetadata:
    """Parse the metadata of a modal of links; raises `BadValue`."""
    match = _METADATA.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise BadValue
    numbers = tuple(map(int, filter(None, match[3].split(","))))
    if max((int(match[1]), *numbers)) > MAX_NUMBER:
        raise BadValue
    return LinkMetadata(int(match[1]), int(match[2]), numbers)


def parse_link_range(text: str) -> LinkRange:
    """Parse what the preview of many links carries; raises `BadValue`."""
    match = _RANGE.fullmatch(text)
    if match is None or max(int(match[2]), int(match[5])) > MAX_NUMBER:
        raise BadValue
    try:
        until = datetime.fromisoformat(match[3])
    except ValueError:
        raise BadValue from None
    if until.tzinfo is None:
        raise BadValue
    return LinkRange(
        outage_id=int(match[2]),
        state=LinkState(match[1]),
        until=until,
        last_certainty=float(match[4]),
        last_case_id=int(match[5]),
    )


def render_links(page: LinkPage, *, feedback: str = "", may_decide: bool = True) -> View:
    """Render a page of proposed or of confirmed links, each with a checkbox; `feedback` is a line above them.

    Whoever may not decide on them reads the cases, without checkboxes.
    """
    proposed = page.state is LinkState.PROPOSED
    title = "Link matching cases" if proposed else "Linked cases"
    callback = LinkCallback.PROPOSED if proposed else LinkCallback.LINKED
    if not page.rows:
        text = "No post waits to be looked at." if proposed else "No case is linked."
        return modal(title, callback, [paragraph(f"{_outage(page.outage)}\n{text}")], close="Close")
    head = "\n".join(
        filter(None, [_outage(page.outage), feedback, _counts_line(page, may_decide=may_decide)])
    )
    if not may_decide:
        listed = [f"• {_line(row)}" for row in page.rows]
        turning = actions(_page_buttons(page))
        return modal(title, callback, [*paragraphs([head, *listed]), *turning], close="Close")
    return modal(
        title,
        callback,
        [paragraph(head), *_groups(page), *_row(page)],
        submit="Preview…",
        close="Close",
        metadata=_metadata(page),
    )


def render_link_preview(page: LinkPage, *, undoes: bool) -> View:
    """Render what linking these cases, or undoing their links, will do."""
    number = len(page.rows)
    cases = count_of(number, "case")
    head = (
        f"*Undo the link of {cases}* to {titled(page.outage)}?"
        if undoes
        else (f"*Link {cases}* to {titled(page.outage)}?")
    )
    effect = _UNDOING if undoes else _LINKING
    listed = [f"• {_line(row)}" for row in page.rows[:MAX_LISTED]]
    if number > MAX_LISTED:
        listed.append(f"and {count_of(number - MAX_LISTED, 'more case')}")
    return modal(
        "Undo links" if undoes else "Link cases",
        LinkCallback.PREVIEW,
        [paragraph(f"{head}\n{effect}"), paragraph("\n".join(listed))],
        submit=(f"Undo {number}" if undoes else f"Link {cases}"),
        metadata=f"{'undo' if undoes else 'link'}:{_metadata(page)}",
    )


def render_many_links(many: ManyLinks) -> View:
    """Render what linking all proposed cases, or undoing all links, will do: how many, and how sure."""
    page, number = many.page, count_of(many.page.total, "case")
    counts = Counter(certainty_word(one) for one in many.certainties)
    sure = " · ".join(f"{name}: {count:,}" for name, count in counts.items())
    undoes = page.state is LinkState.CONFIRMED
    ask, effect = ("Undo the links of all", _UNDOING) if undoes else ("Link all", _LINKING)
    blocks = [
        paragraph(f"*{ask} {number}* to {titled(page.outage)}?\n{effect}\n{sure}"),
        paragraph("\n".join(["*The surest*", *(f"• {_line(row)}" for row in page.rows)])),
    ]
    if many.least_sure:
        rows = (f"• {_line(row)}" for row in many.least_sure)
        blocks.append(paragraph("\n".join(["*The least sure*", *rows])))
    if many.left:
        left = f"{count_of(many.left, 'less sure case')} {'does' if many.left == 1 else 'do'}"
        blocks.append(context(f"{left} not go with them: press the same button again afterwards."))
    links = many.links
    return modal(
        "Undo all links" if undoes else "Link all cases",
        LinkCallback.PREVIEW,
        blocks,
        submit=f"{'Undo' if undoes else 'Link'} {page.total:,}",
        metadata=(
            f"all:{links.state}|{links.outage_id}|{links.until.isoformat()}|{links.last_certainty:.6f}"
            f"|{links.last_case_id}"
        ),
    )


def render_link_to(case_id: int, outages: Sequence[Outage]) -> View:
    """Render the choice of the outage that one case is linked to by hand."""
    options = [
        option(f"{state_mark(outage)} {inline(outage.title, 50)} · {state_name(outage)}", str(outage.id))
        for outage in outages[:MAX_OUTAGES]
    ]
    element = static_select(LinkAction.WHICH, options, options[0] if len(options) == 1 else None)
    return modal(
        "Link to outage",
        LinkCallback.LINK_TO,
        [form_input(LinkBlock.WHICH, "Which outage is it about?", element)],
        submit="Link",
        metadata=str(case_id),
    )


def _outage(outage: Outage) -> str:
    return f"{state_mark(outage)} {titled(outage)} · {state_name(outage)}"


def _counts_line(page: LinkPage, *, may_decide: bool) -> str:
    shown = f" These are {len(page.rows)} of them." if len(page.rows) < page.total else ""
    number = count_of(page.total, "case")
    if page.state is LinkState.PROPOSED:
        tick = " Tick those that are." if may_decide else ""
        return f"{number} may be about it, the surest first.{shown}{tick}"
    tick = " Tick those that are about something else." if may_decide else ""
    return f"{number} linked.{shown}{tick}"


def _groups(page: LinkPage) -> list[Block]:
    """Render the checkboxes, those of one certainty together, at most ten in a group."""
    groups: list[tuple[str, list[LinkRow]]] = []
    for name, found in groupby(page.rows, key=lambda row: certainty_name(row.link)):
        rows = list(found)
        groups += [
            (name if start == 0 else f"{name}, more", rows[start : start + MAX_IN_GROUP])
            for start in range(0, len(rows), MAX_IN_GROUP)
        ]
    return [
        form_input(
            cases_block(page.page, number),
            name if page.state is LinkState.PROPOSED else f"Linked: {name}",
            checkboxes(LinkAction.CASES, [_option(row) for row in rows]),
            optional=True,
        )
        for number, (name, rows) in enumerate(groups)
    ]


def _option(row: LinkRow) -> Json:
    name = inline(display_name(row.case), 24)
    words = one_line(visible_text(row.message))
    label = f"{name}: {cut_at_word(words, MAX_OPTION_LENGTH - len(name) - 2)}"
    reasons = reasons_text(row.link.evidence, row.case.assessment.situation)
    return {
        **option(label, str(row.case.id)),
        "description": plain_text(cut_at_word(reasons, MAX_OPTION_LENGTH), MAX_OPTION_LENGTH),
    }


def _row(page: LinkPage) -> list[Block]:
    key = pair_value(page.outage.id, page.page)
    number = count_of(len(page.rows), "case")
    elements = []
    if page.state is LinkState.PROPOSED:
        none = with_confirmation(
            button("None of these", LinkAction.NONE_SHOWN, key),
            title="None of these?",
            text=f"{number} shown here will not be proposed for this outage again.",
            confirm="None of these",
        )
        shown = button("Link all shown…", LinkAction.ALL_SHOWN, key, style="primary")
        elements += [shown, *_all_listed(page, "Link"), none]
    else:
        elements += [button("Undo all shown…", LinkAction.ALL_SHOWN, key), *_all_listed(page, "Undo")]
    return actions([*elements, *_page_buttons(page)])


def _page_buttons(page: LinkPage) -> list[Json]:
    elements = []
    if page.page:
        elements.append(
            button("Previous page", LinkAction.PREVIOUS, pair_value(page.outage.id, page.page - 1))
        )
    if page.has_more:
        elements.append(button("Next page", LinkAction.PAGE, pair_value(page.outage.id, page.page + 1)))
    return elements


def _all_listed(page: LinkPage, verb: str) -> list[Json]:
    if page.total <= len(page.rows):
        return []
    return [button(f"{verb} all {page.total:,}…", LinkAction.ALL_LISTED, str(page.outage.id))]


def _line(row: LinkRow) -> str:
    words = cut_at_word(one_line(visible_text(row.message)), 120)
    return f"*{escape(display_name(row.case))}*: {escape(inline(words, MAX_TEXT_LENGTH))}"


def _metadata(page: LinkPage) -> str:
    return f"{page.outage.id}:{page.page}:{','.join(str(row.case.id) for row in page.rows)}"
