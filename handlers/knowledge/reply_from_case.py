"""Prepare a saved reply from the last answer of a case, or from a proposal."""

from collections.abc import Callable, Sequence

from domain.cases.case import Case
from domain.cases.messages import Delivery, Direction
from domain.knowledge.reply_drafts import as_example, as_template
from domain.knowledge.reply_figures import ReplyProposal
from domain.knowledge.reply_forms import ReplyForm, form_language
from domain.knowledge.reply_refusals import NothingSent
from domain.knowledge.saved_replies import Wording
from domain.networks import OurAccount
from domain.policy import Policy
from storage.unit_of_work import UnitOfWork

#: Of a proposal: the form has room for more, which a person may add.
MAX_EXAMPLES = 5


def reply_form_from_case(
    uow: UnitOfWork, *, case_id: int, user_id: str, policy: Policy, our_account: Callable[[str], OurAccount]
) -> ReplyForm:
    """Return the form filled with the last answer that was sent, and with the message that it answers.

    `our_account` is by network. Raises `NothingSent`.
    """
    case = uow.cases.get(case_id)
    messages = uow.messages.of_case(case_id)
    sent = [message for message in messages if message.delivery is Delivery.SENT]
    if not sent:
        raise NothingSent(case_id)
    answer = sent[-1]
    answered = [
        message
        for message in messages
        if message.direction is Direction.IN and message.id < answer.id and message.deleted_at is None
    ]
    asked = [message.text for message in answered[-1:]]
    return _form(case, answer.text, asked, our_account(case.network), user_id=user_id, policy=policy)


def reply_form_from_proposal(
    uow: UnitOfWork,
    *,
    proposal: ReplyProposal,
    user_id: str,
    policy: Policy,
    our_account: Callable[[str], OurAccount],
) -> ReplyForm:
    """Return the form filled with a proposed reply, and with the first of the messages that it answers.

    `our_account` is by network.
    """
    case, asked = uow.cases.get(proposal.case_id), proposal.examples[:MAX_EXAMPLES]
    return _form(case, proposal.text, asked, our_account(case.network), user_id=user_id, policy=policy)


def _form(
    case: Case, answer: str, asked: Sequence[str], ours: OurAccount, *, user_id: str, policy: Policy
) -> ReplyForm:
    language = form_language(case.assessment.language)
    text = as_template(answer, case.author.name)
    return ReplyForm(
        situations=frozenset({case.assessment.situation}),
        language=language,
        wordings=(Wording(language=language, text=text, form=policy.forms_of_address.get(language)),),
        examples=tuple(example for text in asked if (example := as_example(text, ours.handle))),
        owner=user_id,
    )
