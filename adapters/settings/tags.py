"""Define the section `[tags]` of `switchboard.toml`."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from adapters.settings.section import Section
from domain.cases.tags import MAX_NAME_LENGTH, MAX_REASON_LENGTH, NEED_REASON, BadTagName, tag_name


def _normalised(text: str) -> str:
    try:
        return tag_name(text)
    except BadTagName:
        reason = f"is no name of a tag: letters, digits and hyphens, at most {MAX_NAME_LENGTH}"
        raise PydanticCustomError("setting", "{why}", {"why": reason}) from None


TagName = Annotated[str, AfterValidator(_normalised)]


class TaggedCustomer(Section):
    """A customer whom the settings tag."""

    handle: str = Field(min_length=1, max_length=100)
    tag: TagName
    reason: str = Field("", max_length=MAX_REASON_LENGTH)
    network: str | None = Field(None, pattern=r"^[a-z]{1,30}$")

    @model_validator(mode="after")
    def _validate_reason(self) -> "TaggedCustomer":
        if self.tag in NEED_REASON and not self.reason:
            raise PydanticCustomError("setting", "{why}", {"why": f"the tag {self.tag} needs a `reason`"})
        return self


class Tags(Section):
    """Tags of cases and of customers."""

    proposed: Annotated[tuple[TagName, ...], Field(strict=False)] = Field(
        (), description="tags that the form of tags offers for a case"
    )
    customers: Annotated[tuple[TaggedCustomer, ...], Field(strict=False)] = Field(
        (),
        description="customers who are tagged: tables with `handle`, `tag`, `reason`, and `network` where "
        "the handle is of one alone; `vip` breaks ties in the ranking, `watch` tells when they write",
    )
