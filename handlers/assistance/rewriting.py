"""Build the request to rewrite or translate an agent's answer."""

from datetime import datetime

from domain.assistance.assistant import Rewrite, RewriteRequest, TranslationRequest
from domain.cases.case_assessment import newest_live_message
from domain.networks import Networks
from domain.replies.forms import PrivateReplyForm, PublicReplyForm
from handlers.assistance.requests import names_of, record_request
from storage.unit_of_work import UnitOfWork


def answer_request(
    uow: UnitOfWork,
    form: PublicReplyForm | PrivateReplyForm,
    rewrite: Rewrite,
    text: str,
    *,
    limit: int,
    user_id: str,
    networks: Networks,
    brand: str,
    now: datetime,
) -> RewriteRequest | TranslationRequest:
    """Build the request to change the text of an answer form, and record that the agent asked for it.

    `limit` is the maximum length of the result.
    """
    case, is_private = form.view.case, isinstance(form, PrivateReplyForm)
    network = "" if is_private else case.network
    counting_rule = "" if is_private else networks.profile(case.network).counting_rule
    record_request(uow, case.id, rewrite.value, user_id=user_id, now=now)
    if rewrite is Rewrite.TRANSLATE:
        return TranslationRequest(
            text=text,
            language=case.assessment.language,
            limit=limit,
            network=network,
            counting_rule=counting_rule,
            known=names_of(case),
        )
    newest = newest_live_message(form.view.messages)
    return RewriteRequest(
        rewrite=rewrite,
        text=text,
        post=newest.text if newest else "",
        language=case.assessment.language,
        brand=brand,
        limit=limit,
        network=network,
        counting_rule=counting_rule,
        is_private=is_private,
        known=names_of(case),
    )
