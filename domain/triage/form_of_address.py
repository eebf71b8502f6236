"""Define the forms of address: customers are addressed formally or not ("Sie" and "du" in German)."""

from collections.abc import Mapping
from enum import StrEnum


class FormOfAddress(StrEnum):
    """How a wording addresses the customer. One that fits both has none."""

    FORMAL = "formal"
    INFORMAL = "informal"


#: Languages whose wordings can be marked with a form of address.
WITH_FORMS = ("de", "es", "fr", "it", "nl", "pt")
#: The forms of the shipped wordings.
DEFAULT_FORMS: Mapping[str, FormOfAddress] = {
    "de": FormOfAddress.INFORMAL,
    "es": FormOfAddress.INFORMAL,
    "fr": FormOfAddress.FORMAL,
}
