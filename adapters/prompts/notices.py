"""Load `prompts/outages/`: what notices say beside the words of who wrote them, by language."""

from collections.abc import Mapping
from datetime import tzinfo
from pathlib import Path

from adapters.prompts.sentences import load_sentences
from domain.outages.drafts import SENTENCES, NoticeWords
from domain.triage.form_of_address import FormOfAddress


def load_notice_words(folder: Path, forms: Mapping[str, FormOfAddress], *, zone: tzinfo) -> NoticeWords:
    """Load the sentences of notices in the desk's forms of address. Raises PromptFileError."""
    return NoticeWords(sentences=load_sentences(folder, forms, SENTENCES), zone=zone)
