"""Ask the model for a structured answer: instructions of ours, data of others, and a schema.

For every caller it masks personal data, keeps to the daily cap, has a deadline, and records what a call came
to.
"""

import asyncio
import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, JsonValue

from adapters.model.completions import Completions, ErrorInAnswer
from adapters.model.masking import Mask, UnknownMark
from adapters.model.prompt import Prompt, load_prompt
from domain.model_calls import CallLedger, ModelCall, ModelPrice, NoAnswer
from domain.surrogates import replace_lone_surrogates

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletion

DEADLINE_SECONDS = 20.0
_CHARACTERS_PER_TOKEN = 4  # where a server does not count
_REPEATED_WORDS = 10  # so many words of our instructions in a row are a leak
_JOINERS = "\u200c\u200d"  # invisible, but Persian and emoji are written with them
#: The field of data that is ours: what a text is cited by.
_ID = "id"
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)


class Output(BaseModel):
    """The base of answers. Every field is required, without a default; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


T = TypeVar("T", bound=Output)


@dataclass(frozen=True, kw_only=True)
class ModelRequest(Generic[T]):
    """One call.

    `purpose` names what it is for, in the records. `values` fill the inputs of the prompt, which are ours;
    whatever others wrote belongs into `data`, as JSON, where every text is masked but those called "id".
    `known` are names and handles to mask, `language` (ISO 639-1) is the one of the data. `pictures` (JPEG)
    are not masked, and go to the model that sees.
    """

    purpose: str
    prompt: Prompt
    values: Mapping[str, Any]
    data: Mapping[str, JsonValue]
    output: type[T]
    known: Sequence[str] = ()
    language: str = ""
    pictures: Sequence[bytes] = ()


class ModelClient:
    """Ask a server that speaks Chat Completions. Close it when done.

    `picture_model` is the one that sees, empty where there is none. `frame` is the prompt that tells the
    model what is data, with the input `schema`. Without a `ledger` nothing is recorded or capped.
    """

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str | None,
        model: str,
        picture_model: str = "",
        frame: Prompt,
        price: ModelPrice | None = None,
        ledger: CallLedger | None = None,
        seconds: float = DEADLINE_SECONDS,
    ) -> None:
        self.model = model
        self.picture_model = picture_model
        self.price = price or ModelPrice()
        self._frame = frame
        self._ledger = ledger
        self._api_key = api_key
        self._seconds = seconds
        self._completions = Completions(api_key=api_key, base_url=base_url, model=model, seconds=seconds)

    @property
    def left_out(self) -> list[str]:
        """What the server refused so far, and is not sent any more."""
        return self._completions.left_out

    async def close(self) -> None:
        """Close the connections."""
        await self._completions.close()

    async def ask(self, request: ModelRequest[T]) -> T:
        """Return the validated answer, with the personal data put back, within the deadline (20 s).

        Raises NoAnswer where there is none, or today's cap is used up.
        """
        if self._ledger is not None and not await self._ledger.may_call():
            raise NoAnswer("today's cap on the model is used up")
        # In a thread: the library of telephone numbers takes a moment to load.
        mask, data = await asyncio.to_thread(_masked, request)
        started, completion, error = time.monotonic(), None, ""
        uncounted = len(data) // _CHARACTERS_PER_TOKEN
        try:
            async with asyncio.timeout(self._seconds):
                completion, instructions = await self._complete(request, data)
            answer = _answer(completion, request.output)
            _require_no_leak(answer, instructions)
            return _restored(answer, mask)
        except TimeoutError:
            error = f"the model did not answer within {self._seconds:g} s"
            raise NoAnswer(error) from None
        except NoAnswer as reason:
            error = str(reason)
            raise
        except Exception as failure:  # noqa: BLE001 - on any error of the library there is no answer
            error, is_free = _reason_for(failure, sent=data, key=self._api_key)
            uncounted *= not is_free
            raise NoAnswer(error) from None
        finally:
            tokens = _tokens(completion) or (uncounted, 0)
            await self._record(request, tokens, error, time.monotonic() - started)

    async def _complete(self, request: ModelRequest[T], data: str) -> "tuple[ChatCompletion, str]":
        schema = request.output.model_json_schema()
        ours = replace_lone_surrogates(request.prompt.instructions(request.values))
        instructions, with_schema = (
            f"{ours}\n\n{self._frame.instructions({'schema': stated})}" for stated in (None, schema)
        )
        completion = await self._completions.create(
            instructions=instructions,
            instructions_with_schema=with_schema,
            data=data,
            schema=schema,
            pictures=request.pictures,
            model=self._model_for(request),
        )
        return completion, instructions

    def _model_for(self, request: ModelRequest[T]) -> str:
        return self.picture_model if request.pictures else self.model

    async def _record(
        self,
        request: ModelRequest[T],
        tokens: tuple[int, int],
        error: str,
        seconds: float,
    ) -> None:
        if self._ledger is None:
            return
        tokens_in, tokens_out = tokens
        call = ModelCall(
            purpose=request.purpose,
            model=self._model_for(request),
            prompt=request.prompt.name,
            prompt_version=request.prompt.version,
            error=error,
            seconds=seconds,
            input_tokens=tokens_in,
            output_tokens=tokens_out,
            cost=self.price.cost(input_tokens=tokens_in, output_tokens=tokens_out),
        )
        await self._ledger.record(call)


def load_model(prompts: Path, **settings: Any) -> ModelClient:  # noqa: ANN401 - those of ModelClient
    """Load the prompt that frames every call, and make the client. Raises PromptError."""
    frame = load_prompt(prompts / "model" / "data.md", frozenset({"schema"}))
    return ModelClient(frame=frame, **settings)


def _masked(request: ModelRequest[Any]) -> tuple[Mask, str]:
    """Return the data as one JSON document with marks, and what they stand for."""
    mask = Mask(request.known, request.language)
    return mask, json.dumps(_covered(request.data, mask), ensure_ascii=False)


def _covered(data: Mapping[str, JsonValue], mask: Mask) -> JsonValue:
    """Return the data with marks for personal data, without invisible characters."""
    texts = list(_texts(dict(data)))
    covered = iter(mask.cover([_visible(text) for text in texts]))
    return _mapped(dict(data), lambda _: next(covered))


def _visible(text: str) -> str:
    """Leave out what nobody sees, and a model reads."""
    kept = (
        character
        for character in replace_lone_surrogates(text)
        if character in "\n\t"
        or character in _JOINERS
        or unicodedata.category(character) not in {"Cc", "Cf", "Co"}
    )
    return "".join(kept)


def _texts(value: JsonValue) -> Iterator[str]:
    """Iterate over the texts of a JSON value, without ids, in the order of `_mapped`."""
    match value:
        case str():
            yield value
        case list():
            for one in value:
                yield from _texts(one)
        case dict():
            for name, one in value.items():
                if name != _ID:
                    yield from _texts(one)
        case _:
            pass


def _mapped(value: JsonValue, change: Callable[[str], str]) -> JsonValue:
    match value:
        case str():
            return change(value)
        case list():
            return [_mapped(one, change) for one in value]
        case dict():
            return {name: one if name == _ID else _mapped(one, change) for name, one in value.items()}
        case _:
            return value


def _answer(completion: "ChatCompletion", output: type[T]) -> T:
    """Validate the answer. Raises NoAnswer, ErrorInAnswer and pydantic's ValidationError."""
    if not completion.choices:
        raise ErrorInAnswer(completion.model_extra)
    choice = completion.choices[0]
    if choice.finish_reason == "length":
        raise NoAnswer("the model's answer was cut off")
    if choice.finish_reason == "content_filter":
        raise NoAnswer("the model's content filter held the answer back")
    if choice.message.refusal:
        raise NoAnswer("the model refused")
    if not choice.message.content:
        raise NoAnswer("the model sent no answer")
    return output.model_validate_json(_json_of(choice.message.content))


def _json_of(content: str) -> str:
    """Return the JSON object of an answer, which may stand in a fence or between sentences."""
    content = _THOUGHTS.sub("", content)
    return content[content.find("{") : content.rfind("}") + 1]


def _restored(answer: T, mask: Mask) -> T:
    try:
        restored = _mapped(answer.model_dump(mode="json"), mask.restore)
    except UnknownMark:
        raise NoAnswer("the model made up a mark for personal data") from None
    return type(answer).model_validate(restored)


def _require_no_leak(answer: Output, instructions: str) -> None:
    stated = " ".join(_words(instructions))
    for text in _texts(answer.model_dump(mode="json")):
        words = _words(text)
        for first in range(len(words) - _REPEATED_WORDS + 1):
            if " ".join(words[first : first + _REPEATED_WORDS]) in stated:
                raise NoAnswer("the model repeats its instructions")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _tokens(completion: "ChatCompletion | None") -> tuple[int, int] | None:
    """Return the tokens in and out as the server counted them; `None` where it did not."""
    usage = getattr(completion, "usage", None)
    counts = (getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None))
    match counts:
        case (int(tokens_in), int(tokens_out)):
            return max(0, tokens_in), max(0, tokens_out)
        case _:
            return None


def _reason_for(error: Exception, *, sent: str, key: str) -> tuple[str, bool]:
    """Return the reason, and whether the server refused the call before the model began."""
    from adapters.model.errors import is_refusal, reason_for

    return reason_for(error, sent=sent, key=key), is_refusal(error)
