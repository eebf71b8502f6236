"""Define what is wrong with the form of a notice."""

from dataclasses import dataclass
from enum import StrEnum


class FormField(StrEnum):
    """The inputs of the form that may be wrong."""

    TITLE = "title"
    PROBLEM = "problem"
    WORKAROUND = "workaround"
    COMPONENTS = "components"
    DUE = "due"
    DUE_AT = "due_at"
    STARTS = "starts"
    ENDS = "ends"


class FormFault(StrEnum):
    """What is wrong with an input."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    PAST = "past"
    NOT_AFTER_START = "not_after_start"
    BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class FieldFault:
    """A fault of an input; of that in `language` where there is one for each. `detail` tells more."""

    field: FormField
    fault: FormFault
    language: str = ""
    detail: str = ""
