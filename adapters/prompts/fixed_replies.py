"""Load the saved reply that is proposed to whoever waits for an issue, once that is fixed."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from adapters.prompts.reply_files import read_replies
from adapters.prompts.toml_file import PromptFileError
from domain.knowledge.saved_replies import suggestible
from domain.triage.form_of_address import FormOfAddress
from domain.triage.saved_replies import SavedReply


def load_fixed_replies(folder: Path, forms: Mapping[str, FormOfAddress]) -> list[SavedReply]:
    """Load the folder's saved replies in the desk's forms of address. Raises PromptFileError."""
    problems: list[str] = []
    replies = read_replies(folder, problems)
    if problems:
        raise PromptFileError(folder, problems)
    return suggestible(replies, forms, date.min)
