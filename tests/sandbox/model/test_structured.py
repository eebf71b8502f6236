"""OpenAI's client parses the simulated model's structured answers."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from tests.sandbox.model.conftest import Drafter


class Situation(StrEnum):
    QUESTION = "question"
    CANNOT_PAY = "cannot_pay"


class Suggestion(BaseModel):
    language: str
    situation: Situation
    urgency: Literal["urgent", "high", "normal", "low"]
    missing: list[str]
    draft: str = Field(max_length=280)
    saved_reply: str | None


PROMPT = "Saved replies:\n- id: greeting\n- id: payment-errors\nAnswer in the customer's language."
POST = "Hola, la app se come mi pago y da error"


async def test_chat_completions_parse(drafter: Drafter) -> None:
    answer = await drafter.client.chat.completions.parse(
        model="sandbox-model",
        messages=[{"role": "system", "content": PROMPT}, {"role": "user", "content": POST}],
        response_format=Suggestion,
        store=False,
    )
    parsed = answer.choices[0].message.parsed
    assert parsed is not None
    assert (parsed.language, parsed.situation, parsed.urgency) == ("es", Situation.CANNOT_PAY, "high")
    assert parsed.saved_reply == "payment-errors"
    assert parsed.draft.startswith("Hola")
    assert parsed.missing == []


async def test_responses_parse(drafter: Drafter) -> None:
    answer = await drafter.client.responses.parse(
        model="sandbox-model", instructions=PROMPT, input=POST, text_format=Suggestion, store=False
    )
    assert answer.output_parsed is not None
    assert answer.output_parsed.saved_reply == "payment-errors"
    assert drafter.model.ledger.of("model", "POST /v1/responses")[0].detail["request"]["store"] is False
