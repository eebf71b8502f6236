"""Define the base of the sections of `switchboard.toml`."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A section: its keys are strict, unknown ones are refused, and errors never show a value."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, hide_input_in_errors=True, str_strip_whitespace=True
    )
