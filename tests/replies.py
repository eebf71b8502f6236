"""Build saved replies for tests."""

from dataclasses import replace
from typing import Any

from domain.knowledge.reply_checks import ReplyChecker
from domain.knowledge.saved_replies import ReplyContent, ReplyVersion, Wording
from domain.replies.rules_of_engagement import Rule, RulesOfEngagement
from domain.triage.form_of_address import FormOfAddress
from domain.triage.situations import Situation
from tests.handlers.made import PROFILE

FORMAL, INFORMAL = FormOfAddress.FORMAL, FormOfAddress.INFORMAL
ENGLISH = Wording(language="en", text="Hi[[ {{ first_name }}]], vouchers are valid for two years.")
GERMAN = Wording(language="de", text="Hallo, dein Gutschein gilt zwei Jahre.", form=INFORMAL)
CONTENT = ReplyContent(
    title="Voucher validity",
    situations=frozenset({Situation.QUESTION}),
    wordings=(ENGLISH, GERMAN),
    examples=("how long is my voucher valid",),
)
SHIPPED = ReplyVersion(name="voucher_validity", version=2, content=CONTENT)
CHECKER = ReplyChecker(
    profiles=[PROFILE],
    rules=RulesOfEngagement(
        version="1",
        rules=[Rule(name="blames_customer", reason="This blames the customer. Take it out.", hard=True)],
    ),
    brand="Acme",
    help_url="",
)


def a_reply(**changes: Any) -> ReplyVersion:  # noqa: ANN401 - any of the fields of a version or a content
    """Build a version; changes are fields of it or of its content."""
    own = {name: changes.pop(name) for name in ("name", "version", "change", "by", "at") if name in changes}
    return replace(SHIPPED, content=replace(CONTENT, **changes), **own)
