"""Suggest the approved wording of an outage to the cases that are linked to it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from domain.cases.case import Case
from domain.cases.messages import Message
from domain.networks import Networks
from domain.outages.answer_wordings import Wordings, lines_of, unused_wording
from domain.outages.approved_wordings import greetings_of, values_of
from domain.outages.current_notices import newest_notice
from domain.outages.drafts import NoticeWords
from domain.outages.outage import OutageState
from domain.triage.drafts import Source, Suggestion
from storage.unit_of_work import UnitOfWork

_NAMES = {OutageState.ANNOUNCED: "answers", OutageState.RESOLVED: "solutions"}


@dataclass(frozen=True, slots=True)
class OutageWordings:
    """The approved wordings, and how networks count."""

    words: NoticeWords
    networks: Networks

    def suggest(
        self, uow: UnitOfWork, case: Case, message: Message, *, used: Collection[str], now: datetime
    ) -> Suggestion | None:
        """Return a wording in the customer's language that nobody else was sent or is suggested.

        `None` in private, for a case without an outage that was announced, and without a wording.
        """
        if case.outage_id is None or message.venue.is_private:
            return None
        outage, language = uow.outages.get(case.outage_id), case.assessment.language
        bodies = lines_of(self.words.of(language)[_NAMES[outage.state]]) if outage.state in _NAMES else ()
        notice = newest_notice(uow.notices.of_outage(outage.id))
        if not bodies or notice is None:
            return None
        text = unused_wording(
            Wordings(greetings=greetings_of(self.words, language), bodies=bodies),
            name=case.author.name,
            handle=case.author.handle,
            values=values_of(outage, notice, language, self.words, now),
            position=case.id,
            used={*used, *uow.suggestions.texts_of(Source.OUTAGE, str(outage.id))},
            fits=lambda text: self.networks.count(case.network, text).fits,
        )
        if text is None:
            return None
        return Suggestion(
            case_id=case.id,
            message_id=message.id,
            text=text,
            language=language,
            source=Source.OUTAGE,
            name=str(outage.id),
            version=str(notice.id),
            title=outage.title,
            created_at=now,
        )
