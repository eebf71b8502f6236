"""Prepare a saved reply from the last answer of a case."""

from domain.cases.messages import Delivery, Direction
from domain.knowledge.reply_drafts import as_example, as_template
from domain.knowledge.reply_forms import ReplyForm, form_language
from domain.knowledge.reply_refusals import NothingSent
from domain.knowledge.saved_replies import Wording
from domain.policy import Policy
from storage.unit_of_work import UnitOfWork


def reply_form_from_case(uow: UnitOfWork, *, case_id: int, user_id: str, policy: Policy) -> ReplyForm:
    """Return the form filled with the last answer that was sent, and with the message that it answers.

    Raises `NothingSent`.
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
    language = form_language(case.assessment.language)
    text = as_template(answer.text, case.author.name)
    example = as_example(answered[-1].text) if answered else ""
    return ReplyForm(
        situations=frozenset({case.assessment.situation}),
        language=language,
        wordings=(Wording(language=language, text=text, form=policy.forms_of_address.get(language)),),
        examples=(example,) if example else (),
        owner=user_id,
    )
