"""Ask the model for a draft: one call with a deadline; every failure has a reason."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from adapters.model.answer import Answer, check_answer, missing_of
from adapters.model.prompt import Prompt
from domain.diagnostics import CheckLine
from domain.networks import TextCount
from domain.surrogates import replace_lone_surrogates
from domain.triage.drafts import Draft, DraftRequest, Grounding, NoDraft

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ParsedChatCompletion

DEADLINE_SECONDS = 20.0
DEFAULT_BASE_URL = "https://api.openai.com/v1"
_SAMPLE_REQUEST = DraftRequest(
    text="How do I change my password?",
    network="",
    language="en",
    brand="the company",
    limit=280,
    groundings=(
        Grounding(name="password", title="Password", text="Hi, you can change it under Settings, Security."),
    ),
)


class ModelDrafter:
    """Implements `domain.triage.drafts.Drafter` over Chat Completions with a strict schema.

    Close it when done.

    Asks the server to store nothing (`store=False`). The openai library is imported in a thread at the first
    draft: that takes most of a second.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None,
        model: str,
        prompt: Prompt,
        count: Callable[[str, str], TextCount],
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url or DEFAULT_BASE_URL
        self._model = model
        self._prompt = prompt
        self._count = count
        self._seconds = seconds
        self._client: AsyncOpenAI | None = None
        self._client_lock = asyncio.Lock()

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def draft(self, request: DraftRequest) -> Draft:
        """Return a validated draft within the deadline (20 s).

        Raises NoDraft, whose text holds no secret and nothing that the customer wrote.
        """
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._ask(request)
        except TimeoutError:
            raise NoDraft(f"the model did not answer within {self._seconds:g} s") from None
        check_answer(answer, request, partial(self._count, request.network))
        return Draft(
            text=answer.reply.strip(),
            language=request.language,
            situation=answer.situation.value,
            urgency=answer.urgency,
            grounded_in=answer.saved_reply,
            missing=missing_of(answer),
            model=self._model,
            prompt=self._prompt.name,
            prompt_version=self._prompt.version,
        )

    async def probe(self) -> list[CheckLine]:
        """Check the model with one small real draft."""
        started = time.monotonic()
        try:
            await self.draft(_SAMPLE_REQUEST)
        except NoDraft as reason:
            remedy = "check OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL; until then saved replies are suggested"
            return [CheckLine("drafter", ok=False, detail=str(reason), remedy=remedy)]
        seconds = time.monotonic() - started
        return [CheckLine("drafter", ok=True, detail=f"{self._model} wrote a draft in {seconds:.1f} s")]

    async def _ask(self, request: DraftRequest) -> Answer:
        client = await self._get_client()
        try:
            completion = await self._complete(client, request)
            message = completion.choices[0].message
        except Exception as error:  # noqa: BLE001 - on any error of the library the saved reply is suggested
            raise NoDraft(_reason_for(error)) from None
        if message.refusal:
            raise NoDraft("the model refused")
        if message.parsed is None:
            raise NoDraft("the model sent no answer")
        return message.parsed

    async def _complete(self, client: "AsyncOpenAI", request: DraftRequest) -> "ParsedChatCompletion[Answer]":
        system, customer = self._prompt.messages(request)
        return await client.chat.completions.parse(
            model=self._model,
            messages=[
                {"role": "system", "content": replace_lone_surrogates(system)},
                {"role": "user", "content": replace_lone_surrogates(customer)},
            ],
            response_format=Answer,
            store=False,
        )

    async def _get_client(self) -> "AsyncOpenAI":
        # Locked: of two clients made at the same time, the first would never be closed.
        async with self._client_lock:
            if self._client is None:
                self._client = await asyncio.to_thread(self._new_client)
            return self._client

    def _new_client(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI

        return AsyncOpenAI(
            api_key=self._api_key, base_url=self._base_url, timeout=self._seconds, max_retries=0
        )


def _reason_for(error: Exception) -> str:
    from adapters.model.errors import reason_for

    return reason_for(error)
