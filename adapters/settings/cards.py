"""Define how cards look."""

from pydantic import Field

from adapters.settings.section import Section


class Cards(Section):
    """How cards look."""

    blur_abuse: bool = Field(
        False,
        description="show all but the first letter of strongly abusive words as dots, on cards and in their threads; agents choose for what they alone see",
    )
    mask_contacts: bool = Field(
        False,
        description="mask customers' e-mail addresses and phone numbers, and keep their files out of threads, until somebody who may see them presses *Show contact data*, which is in the audit trail",
    )
