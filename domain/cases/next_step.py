"""Choose the act on a case that one person most likely wants next, for a list with one button a row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.cases.case import Case, CaseState
from domain.cases.case_assessment import newest_live_message, offers_resolve
from domain.cases.messages import Delivery, Message
from domain.cases.shown_words import asked_before, shown_words
from domain.intake.posts import ReplyBlock
from domain.replies.right_venue import NO_GUIDANCE, belongs_in_private
from domain.replies.rules_of_engagement import Guidance
from domain.triage.situations import Situation
from domain.venues import Venue


class NextStep(StrEnum):
    """An act on a case.

    `ANSWER_BY_HAND` is to answer on the network itself. `LOOK` is to read the card, where our last reply is
    on its way or needs a decision.
    """

    CLAIM = "claim"
    TAKE_OVER = "take_over"
    ANSWER = "answer"
    ANSWER_BY_HAND = "answer_by_hand"
    MOVE = "move"
    RESOLVE = "resolve"
    LOOK = "look"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCase:
    """A case in a list, with its newest messages, oldest first.

    `venue` is the private venue where the customer has arrived, `None` while the conversation is public.
    `opted_out` is whether the customer asked for no direct messages.
    """

    case: Case
    messages: Sequence[Message] = ()
    venue: Venue | None = None
    opted_out: bool = False

    @property
    def newest(self) -> Message | None:
        """The customer's newest message that is not deleted."""
        return newest_live_message(self.messages)

    @property
    def shown(self) -> Message | None:
        """The customer's message that says what the case is about: no code, and no "any news?"."""
        newest = self.newest
        if newest is None:
            return None
        found = shown_words(self.case, newest, self.messages).message
        return asked_before(self.case, found, self.messages) or found


def next_step(
    listed: ListedCase, reader: str, guidance: Mapping[Situation, Guidance] = NO_GUIDANCE
) -> NextStep:
    """Return what `reader` most likely wants to do about an active case.

    `guidance` says which situations are answered in private alone.
    """
    case = listed.case
    if case.claimed_by not in (None, reader):
        return NextStep.TAKE_OVER
    if offers_resolve(case, listed.messages):
        return NextStep.RESOLVE
    if case.claimed_by is None:
        return NextStep.CLAIM
    if any(m.delivery in {Delivery.QUEUED, Delivery.UNSURE} for m in listed.messages):
        return NextStep.LOOK
    if case.state is CaseState.WAITING and case.waiting_since is None:
        return NextStep.RESOLVE
    return _how_to_answer(listed, guidance)


def _how_to_answer(listed: ListedCase, guidance: Mapping[Situation, Guidance]) -> NextStep:
    if listed.venue is not None:
        is_refused = listed.venue is Venue.DM and listed.opted_out
        return NextStep.MOVE if is_refused else NextStep.ANSWER
    match listed.case.reply_block:
        case None:
            return NextStep.MOVE if belongs_in_private(listed.case, guidance) else NextStep.ANSWER
        case ReplyBlock.GONE:
            return NextStep.RESOLVE
        case ReplyBlock.NO_POST:
            return NextStep.MOVE
        case _:
            return NextStep.ANSWER_BY_HAND
