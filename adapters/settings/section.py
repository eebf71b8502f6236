"""Define the base of the sections of `switchboard.toml`."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Language = Annotated[str, Field(pattern="^[a-z]{2,3}$")]
Channel = Annotated[str, Field(min_length=2, max_length=81)]
Words = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=100)], ...], Field(strict=False)]


class Section(BaseModel):
    """A section: its keys are strict, unknown ones are refused, and errors never show a value."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, str_strip_whitespace=True
    )
