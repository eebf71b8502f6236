"""Load `prompts/outages/`: what notices say beside the words of who wrote them, by language."""

from datetime import tzinfo
from pathlib import Path

from adapters.prompts.sentences import load_sentences
from domain.outages.drafts import SENTENCES, NoticeWords


def load_notice_words(folder: Path, *, zone: tzinfo) -> NoticeWords:
    """Load the sentences of notices. Raises PromptFileError."""
    return NoticeWords(sentences=load_sentences(folder, SENTENCES), zone=zone)
