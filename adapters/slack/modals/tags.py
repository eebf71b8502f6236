"""Render the form *Tags…*, which tags a case and its customer."""

from collections.abc import Sequence

from adapters.slack.blocks import checkboxes, context, option
from adapters.slack.cases.form_ids import CaseFormAction, CaseFormBlock, CaseFormCallback, tags_value
from adapters.slack.cases.tag_wording import tag_label
from adapters.slack.escaping import escape
from adapters.slack.message_content import Block, View
from adapters.slack.modals.frame import modal
from adapters.slack.modals.inputs import form_input, typed_input
from adapters.slack.wording import display_name
from domain.cases.case import Case
from domain.cases.tags import MAX_REASON_LENGTH, Tags

_MAX_TEXT = 400


def render_tags(case: Case, tags: Tags, proposed: Sequence[str]) -> View:
    """Render the form with the tags as they are. `private_metadata` is `tags_value(...)`."""
    blocks = [
        typed_input(
            CaseFormBlock.TAGS_OF_CASE,
            CaseFormAction.TAGS_OF_CASE,
            "Tags of this case",
            ", ".join(tags.case),
            most=_MAX_TEXT,
            optional=True,
            hint="Separated by commas, such as: billing, app",
        ),
        *_proposed(proposed),
        typed_input(
            CaseFormBlock.TAGS_OF_CUSTOMER,
            CaseFormAction.TAGS_OF_CUSTOMER,
            "Tags of this customer",
            ", ".join(tags.customer_names),
            most=_MAX_TEXT,
            optional=True,
            hint="Shown on all their cases. vip counts like the largest audience; watch tells you when they write.",
        ),
        typed_input(
            CaseFormBlock.TAGS_REASON,
            CaseFormAction.TAGS_REASON,
            "Why the customer is tagged",
            "",
            most=MAX_REASON_LENGTH,
            optional=True,
            hint="For the tags that you add; needed for vip and watch.",
        ),
        context(f"For colleagues: {escape(display_name(case))} never sees a tag."),
    ]
    metadata = tags_value(case.id, case.version, tags)
    return modal("Tags", CaseFormCallback.TAGS, blocks, submit="Save", metadata=metadata)


def _proposed(names: Sequence[str]) -> list[Block]:
    if not names:
        return []
    element = checkboxes(CaseFormAction.TAGS_PROPOSED, [option(tag_label(name), name) for name in names])
    return [form_input(CaseFormBlock.TAGS_PROPOSED, "Add to the case", element, optional=True)]
