"""Call Chat Completions, and leave out what a server does not take."""

import asyncio
import base64
import logging
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI
    from openai.types.chat import ChatCompletion

log = logging.getLogger(__name__)

DEFAULT_BASE_URL = "https://api.openai.com/v1"
MAX_RETRIES = 2
_HTTP_REFUSALS = frozenset({400, 422})
#: With these llama.cpp, Ollama and OpenRouter refuse a feature, too, where they name one.
_HTTP_FAILURES = frozenset({404, 500, 501})


class Feature(StrEnum):
    """What some servers refuse, in the order in which it is left out."""

    STORE = "store"
    STRICT = "strict schema"
    SCHEMA = "JSON schema"
    JSON = "JSON mode"


#: How refusals name them: a parameter, or a part of its value.
_NAMES: Mapping[Feature, re.Pattern[str]] = {
    Feature.STORE: re.compile(r"\bstore\b"),
    Feature.STRICT: re.compile(r"\bstrict\b|additional_?properties", re.IGNORECASE),
    Feature.SCHEMA: re.compile(
        r"response_?format|json[_ ]?schema|(?:\b|response_)schema\b|structured.?outputs?|\bguided_?json|\bgrammar\b",
        re.IGNORECASE,
    ),
    Feature.JSON: re.compile(r"response_?format|json_object|json.?mode", re.IGNORECASE),
}

#: What a refusal repeats of the request or the answer: a customer's words name no feature.
_REPEATED = frozenset({"failed_generation", "input", "input_value", "ctx"})
#: Codes of refusals of what was asked or answered: Azure's and Groq's.
_OF_CONTENT = re.compile(r"content_filter|ResponsibleAIPolicyViolation|json_validate_failed")
#: OpenRouter's, where no provider takes all that is asked for.
_OF_PARAMETERS = re.compile(r"\brequested parameters\b")
#: Refusals that no feature explains, where they name none: of the key, the length, a picture, the model.
_OF_ANOTHER_KIND = re.compile(
    r"api.?key|unauthori[sz]ed|context.?(?:length|window)|too (?:long|large|many tokens)|max(?:imum)?[_ ]tokens|"
    r"\b(?:image|vision|multimodal)|quota|billing|safety|moderation|"
    r"invalid.model|model.not.found|\bmodel\b.{0,80}(?:decommissioned|does not exist|not found)|no models? (?:is |are )?loaded|"
    r"location is not supported|\broles?\b",
    re.IGNORECASE,
)


class ErrorInAnswer(Exception):
    """The server answered HTTP 200 with an error in place of a choice; `body` holds it."""

    def __init__(self, body: object) -> None:
        super().__init__("an error in place of an answer")
        self.body = body


class Completions:
    """Ask for one completion in JSON. Close it when done.

    A feature that the server refuses is left out from then on. OpenAI's own server is always asked to store
    nothing. The openai library is imported in a thread at the first call: that takes most of a second. It
    repeats a call that was refused for its rate, failed on the server or lost its connection.
    """

    def __init__(self, *, api_key: str, base_url: str | None, model: str, seconds: float) -> None:
        self._api_key = api_key
        self._base_url = base_url or DEFAULT_BASE_URL
        self._model = model
        self._seconds = seconds
        self._left_out: frozenset[Feature] = frozenset()
        self._is_proven = False
        self._client: AsyncOpenAI | None = None
        self._client_lock = asyncio.Lock()

    @property
    def left_out(self) -> list[str]:
        """The features that the server refused so far."""
        return [feature.value for feature in Feature if feature in self._left_out]

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def create(
        self,
        *,
        instructions: str,
        instructions_with_schema: str,
        data: str,
        schema: Mapping[str, Any],
        pictures: Sequence[bytes] = (),
        model: str = "",
    ) -> "ChatCompletion":
        """Return the completion. Raises the errors of the openai library.

        The instructions are the system message, and the data and pictures (JPEG) the user's. `model` takes
        the place of the usual one. `instructions_with_schema` are sent where the server does not take the
        schema by itself.
        """
        from openai import APIStatusError

        client = await self._get_client()
        left_out = self._left_out
        while True:
            in_words = Feature.SCHEMA in left_out
            try:
                completion: ChatCompletion = await client.chat.completions.create(
                    model=model or self._model,
                    messages=[
                        {"role": "system", "content": instructions_with_schema if in_words else instructions},
                        {"role": "user", "content": _content(data, pictures)},
                    ],
                    **_options(left_out, schema),
                )
            except APIStatusError as error:
                feature = self._refused(error, left_out)
                if feature is None:
                    raise
                left_out |= {feature}
            else:
                self._learn(left_out)
                return completion

    def _refused(self, error: "APIStatusError", left_out: Collection[Feature]) -> Feature | None:
        """Return the feature to try without: one that the refusal names, else the next one.

        Once a call went well, a refusal that names none is about what was asked.
        """
        if error.status_code not in _HTTP_REFUSALS | _HTTP_FAILURES:
            return None
        unused = {Feature.STRICT} if Feature.SCHEMA in left_out else {Feature.JSON}
        # A refusal may repeat what a customer wrote, who must not make us drop it there.
        kept = {Feature.STORE} if self._base_url == DEFAULT_BASE_URL else set()
        sent = [feature for feature in Feature if feature not in {*left_out, *unused, *kept}]
        said = "\n".join(_words([getattr(error, "param", None), error.body]))
        if _OF_CONTENT.search(said) is not None:
            return None
        named = (feature for feature in sent if _NAMES[feature].search(said))
        is_refusal = error.status_code in _HTTP_REFUSALS or _OF_PARAMETERS.search(said) is not None
        is_other = not is_refusal or self._is_proven or not sent or _OF_ANOTHER_KIND.search(said) is not None
        return next(named, None if is_other else sent[0])

    def _learn(self, left_out: frozenset[Feature]) -> None:
        self._is_proven = True
        for feature in Feature:
            if feature in left_out - self._left_out:
                log.warning("the model's server does not take %s: it is left out from now on", feature.value)
        self._left_out |= left_out

    async def _get_client(self) -> "AsyncOpenAI":
        # Locked: of two clients made at the same time, the first would never be closed.
        async with self._client_lock:
            if self._client is None:
                self._client = await asyncio.to_thread(self._new_client)
            return self._client

    def _new_client(self) -> "AsyncOpenAI":
        from openai import AsyncOpenAI

        return AsyncOpenAI(
            api_key=self._api_key, base_url=self._base_url, timeout=self._seconds, max_retries=MAX_RETRIES
        )


def _words(body: object) -> Iterator[str]:
    """Yield the names and texts of what a server says, without what it repeats of the call."""
    if isinstance(body, Mapping):
        for name, one in body.items():
            if name not in _REPEATED:
                yield str(name)
                yield from _words(one)
    elif isinstance(body, list):
        for one in body:
            yield from _words(one)
    elif isinstance(body, str):
        yield body


def _content(data: str, pictures: Sequence[bytes]) -> Any:  # noqa: ANN401 - as the library takes it
    """Return the user's message: a text alone, or a text and pictures."""
    if not pictures:
        return data
    urls = (f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}" for picture in pictures)
    shown = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [{"type": "text", "text": data}, *shown]


def _options(left_out: Collection[Feature], schema: Mapping[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {} if Feature.STORE in left_out else {"store": False}
    if Feature.SCHEMA not in left_out:
        strict = {} if Feature.STRICT in left_out else {"strict": True}
        described = {"name": "answer", "schema": schema, **strict}
        options["response_format"] = {"type": "json_schema", "json_schema": described}
    elif Feature.JSON not in left_out:
        options["response_format"] = {"type": "json_object"}
    return options
