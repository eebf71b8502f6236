"""Draft a reply with the model; every failure has a reason."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from adapters.model.answer import Answer, TooLong, check_answer, missing_of
from adapters.model.client import ModelClient, ModelRequest
from adapters.model.prompt import Prompt, load_prompt
from domain.networks import TextCount
from domain.triage.assessment import Urgency
from domain.triage.drafts import Draft, DraftRequest
from domain.triage.situations import Situation

INPUTS = frozenset(
    {
        "brand",
        "counting_rule",
        "language",
        "language_name",
        "limit",
        "must_move",
        "never_promise",
        "overlong",
        "situations",
        "tone",
        "urgencies",
        "voice",
    }
)


class ModelDrafter:
    """Implements `domain.triage.drafts.Drafter`.

    `voice` is how the brand speaks; its version is a part of the prompt's. `count` counts a text as a network
    does. A draft that is too long is asked for once more.
    """

    def __init__(
        self, client: ModelClient, *, prompt: Prompt, voice: Prompt, count: Callable[[str, str], TextCount]
    ) -> None:
        self._client = client
        self._prompt = prompt.with_version_of(voice)
        self._voice = voice.instructions({})
        self._count = count

    async def draft(self, request: DraftRequest) -> Draft:
        """Return a validated draft.

        Raises `NoAnswer`, whose text holds no secret and nothing that the customer wrote.
        """
        try:
            answer = await self._ask(request, overlong=0)
        except TooLong as error:
            answer = await self._ask(request, overlong=error.length)
        return Draft(
            text=answer.reply.strip(),
            language=request.language,
            situation=answer.situation.value,
            urgency=answer.urgency,
            grounded_in=tuple(answer.based_on),
            title=", ".join(source.title for source in request.cited(answer.based_on)),
            missing=missing_of(answer),
            model=self._client.model,
            prompt=self._prompt.name,
            prompt_version=self._prompt.version,
        )

    async def _ask(self, request: DraftRequest, *, overlong: int) -> Answer:
        answer = await self._client.ask(
            ModelRequest(
                purpose="draft",
                prompt=self._prompt,
                values=self._values(request, overlong),
                data={
                    "sources": [
                        {"id": source.name, "title": source.title, "text": source.text}
                        for source in request.groundings
                    ],
                    "first_name": request.first_name,
                    "points_at": request.points_at,
                    "earlier": list(request.earlier),
                    "post": request.text,
                },
                output=Answer,
                known=request.known,
                language=request.language,
            )
        )
        await asyncio.to_thread(check_answer, answer, request, partial(self._count, request.network))
        return answer

    def _values(self, request: DraftRequest, overlong: int) -> dict[str, Any]:
        from babel import Locale

        return {
            "brand": request.brand,
            "counting_rule": request.counting_rule,
            "language": request.language,
            "language_name": Locale("en").languages.get(request.language, request.language),
            "limit": request.limit,
            "must_move": request.must_move,
            "never_promise": request.never_promise,
            "overlong": overlong,
            "situations": [situation.value for situation in Situation],
            "tone": request.tone,
            "urgencies": [urgency.name.lower() for urgency in reversed(Urgency)],
            "voice": self._voice,
        }


def load_drafter(client: ModelClient, prompts: Path, count: Callable[[str, str], TextCount]) -> ModelDrafter:
    """Load the prompts of the drafter. Raises PromptError."""
    return ModelDrafter(
        client,
        prompt=load_prompt(prompts / "draft" / "reply.md", INPUTS),
        voice=load_prompt(prompts / "voice.md"),
        count=count,
    )
