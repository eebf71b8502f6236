"""Fill the approved wordings of an outage with what its newest notice says."""

from datetime import datetime

from domain.outages.answer_wordings import lines_of
from domain.outages.drafts import NoticeWords
from domain.outages.notices import Notice
from domain.outages.outage import Outage

#: The greeting in a language for which there are no words: the name alone.
_NAME_ALONE = ("[[{{ name }},]]",)


def values_of(
    outage: Outage, notice: Notice | None, language: str, words: NoticeWords, now: datetime
) -> dict[str, str]:
    """Return what fills approved wordings in a language, without the customer's name."""
    due = outage.next_update_due
    versions = notice.versions if notice is not None else ()
    return {
        "time": words.due(due, after=now) if due is not None and due > now else "",
        "workaround": next((one.workaround for one in versions if one.language == language), ""),
    }


def greetings_of(words: NoticeWords, language: str) -> tuple[str, ...]:
    """Return the greetings of a language; the name alone where it has none."""
    return lines_of(words.of(language)["greetings"]) or _NAME_ALONE
