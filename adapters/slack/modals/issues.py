"""Render issues in Details, and the forms that create and link one."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.slack.action_ids import card_value, pair_value
from adapters.slack.blocks import (
    MAX_OPTION_LENGTH,
    Json,
    actions,
    button,
    context,
    option,
    paragraph,
    static_select,
    text_content,
)
from adapters.slack.causes.causes import CauseExtra
from adapters.slack.escaping import escape, inline, shorten
from adapters.slack.message_content import Block, Content, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input, typed_input
from adapters.slack.trackers.ids import (
    IssueAction,
    IssueBlock,
    IssueCallback,
    IssueFormState,
    form_value,
    proposed_block,
    subject_value,
)
from adapters.slack.trackers.wording import issue_line
from domain.cases.case import Case
from domain.cases.views import CaseView
from domain.causes.cause import MAX_NAME_LENGTH, Cause
from domain.trackers.issues import MAX_TEXT_LENGTH, Creation, Issue, IssueSubject
from domain.trackers.trackers import Trackers

MAX_ISSUES = 5
MAX_TITLE_LENGTH = 200
MAX_PROPOSED_TITLE = 80
MAX_NAMED_LENGTH = 500
MAX_PLACES = 100
_MAX_QUOTE = 900
_MIN_TITLE_WORDS = 3  # a first sentence of fewer ("Hello there.") says nothing


def issue_blocks(view: CaseView) -> list[Block]:
    """Render the issues that the case is linked to, each with a button that undoes that, or tries again."""
    blocks: list[Block] = []
    for issue in view.issues[-MAX_ISSUES:]:
        value = pair_value(issue.id, view.case.id)
        choices = [button("Unlink", IssueAction.UNLINK, value)]
        if issue.creation is Creation.FAILED and issue.title:
            choices = [button("Try again", IssueAction.RETRY, value), *choices]
        blocks += [paragraph(issue_line(issue)), *actions(choices)]
    return blocks


def issue_buttons(case: Case) -> list[Json]:
    """Build the buttons of Details."""
    value = card_value(case.id, case.version)
    return [
        button("Create issue…", IssueAction.CREATE, value),
        button("Link issue…", IssueAction.LINK, value),
    ]


def cause_extra(cause_id: int, issues: Sequence[Issue], *, can_create: bool) -> CauseExtra:
    """Render the issues of a cause in the list of causes; where none is open, the buttons to get one.

    The newest can be unlinked or tried again: no two buttons of a row may have the same name. What was not
    created is left out once another issue followed.
    """
    is_open = any(not one.state.is_closed and one.creation is not Creation.FAILED for one in issues)
    add = [
        button("Create issue…", IssueAction.OF_CAUSE, str(cause_id)),
        button("Link an issue…", IssueAction.LINK_CAUSE, str(cause_id)),
    ]
    of_use = [one for one in issues[:-1] if one.creation is not Creation.FAILED]
    shown = [*of_use, *issues[-1:]][-MAX_ISSUES:]
    failed = [one for one in shown[-1:] if one.creation is Creation.FAILED and one.title]
    retries = [
        button("Try again", IssueAction.RETRY_OF_CAUSE, pair_value(one.id, cause_id)) for one in failed
    ]
    return CauseExtra(
        lines=[issue_line(one) for one in shown],
        buttons=[
            *([*add, *retries] if can_create and not is_open else []),
            *[_unlink_of_cause(one, cause_id) for one in shown if one.creation.exists][-1:],
        ],
    )


def _unlink_of_cause(issue: Issue, cause_id: int) -> Json:
    return button(f"Unlink {issue.key}", IssueAction.UNLINK_CAUSE, pair_value(issue.id, cause_id))


def render_unlinked(issue: Issue, cause: Cause) -> Content:
    """Render that an issue is no longer that of a cause."""
    key, name = inline(issue.key, MAX_NAMED_LENGTH), inline(cause.name, MAX_NAME_LENGTH)
    text = f"{key} is no longer linked to “{name}”. It stays in its tracker."
    return text_content(escape(text))


def render_retried() -> Content:
    """Render that an issue of a cause is being created again."""
    text = "It is tried again. `/mentions causes` shows in a moment whether the issue is there."
    return Content(text=text, blocks=[paragraph(text)])


def proposed_title(words: Sequence[str]) -> str:
    """Return a title for an issue: the first words that the customer wrote."""
    line = " ".join(" ".join(words[:1]).split())
    sentence = line
    for end in (". ", "! ", "? "):
        head, found, _ = sentence.partition(end)
        sentence = head + found.strip() if found and len(head.split()) >= _MIN_TITLE_WORDS else sentence
    return shorten(sentence, MAX_PROPOSED_TITLE)


def proposed_text(words: Sequence[str], network: str, *, of_one: bool = True) -> str:
    """Return a description of an issue: what was written, as quotes. `of_one`: by one customer."""
    others = "And then:" if of_one else "Another customer wrote:"
    parts = []
    for index, text in enumerate(words):
        lines = shorten(text.strip(), _MAX_QUOTE).splitlines()
        parts += ["A customer wrote:" if index == 0 else others, *(f"> {line}" for line in lines), ""]
    if parts:
        parts[0] = f"A customer wrote on {network}:"
    return "\n".join([*parts, "What should happen instead: "])


def render_issue_form(state: IssueFormState, trackers: Trackers, *, title: str, text: str) -> View:
    """Render the form that creates an issue."""
    is_masked, of_cause = state.is_masked, state.subject.case_id is None
    toggled = IssueAction.AS_WRITTEN_OF_CAUSE if of_cause else IssueAction.AS_WRITTEN
    callback = IssueCallback.CREATE_OF_CAUSE if of_cause else IssueCallback.CREATE
    places = [
        option(shorten(f"{one.profile.label} · {project}", MAX_OPTION_LENGTH), f"{name} {project}")
        for name, one in trackers.items()
        for project in one.client.projects
    ][:MAX_PLACES]
    where = static_select(IssueAction.WHERE, places, places[0])
    explanation = (
        "Names, handles, addresses and numbers of the customer are left out."
        if is_masked
        else "⚠️ These are the customer's words as they wrote them, with names and numbers."
    )
    toggle = "Leave them in" if is_masked else "Take them out"
    value = form_value(replace(state, is_masked=not is_masked))
    blocks = [
        form_input(IssueBlock.WHERE, "Where", where),
        typed_input(
            proposed_block(IssueBlock.TITLE, is_masked=is_masked),
            IssueAction.TITLE,
            "Title",
            title,
            most=MAX_TITLE_LENGTH,
        ),
        typed_input(
            proposed_block(IssueBlock.TEXT, is_masked=is_masked),
            IssueAction.TEXT,
            "Description",
            text,
            most=MAX_TEXT_LENGTH,
            multiline=True,
            optional=True,
            hint="Lines that begin with > are quotes: their addresses are no links. Nobody is mentioned anywhere.",
        ),
        context(explanation),
        *actions([button(toggle, toggled, value)]),
    ]
    return modal("Create an issue", callback, blocks, submit="Create issue", metadata=form_value(state))


def render_link_form(subject: IssueSubject, trackers: Trackers) -> View:
    """Render the form that links an issue that is there. `private_metadata` is `subject_value(...)`."""
    examples = " or ".join(one.profile.key_example for one in trackers.values())
    blocks = [
        typed_input(
            IssueBlock.NAMED,
            IssueAction.NAMED,
            "Address or key of the issue",
            "",
            most=MAX_NAMED_LENGTH,
            hint=f"Such as {examples}, or the address in your browser",
        )
    ]
    callback = IssueCallback.LINK_OF_CAUSE if subject.case_id is None else IssueCallback.LINK
    return modal("Link an issue", callback, blocks, submit="Link", metadata=subject_value(subject))
