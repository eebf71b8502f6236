"""Rewrite, translate and summarise with the model; every failure has a reason."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import JsonValue

from adapters.model.answer import TooLong, require_grounded, require_no_new_facts, require_no_new_secret
from adapters.model.client import ModelClient, ModelRequest, Output
from adapters.model.masking import Mask
from adapters.model.pictures import reencoded
from adapters.model.prompt import Prompt, load_prompt
from domain.assistance.assistant import (
    CaseSummary,
    PictureReading,
    PictureRequest,
    Provenance,
    Rewrite,
    RewriteRequest,
    SummaryRequest,
    Translation,
    TranslationRequest,
)
from domain.assistance.glossary import Glossary, missing_wordings
from domain.assistance.topic_names import MAX_LENGTH, TopicNameRequest, TopicNames
from domain.model_calls import NoAnswer
from domain.networks import TextCount

_MAX_POINTS = 6
_MAX_POINT_LENGTH = 300
_MAX_ABOUT_LENGTH = 1200
_INPUTS = {
    "rewrite": frozenset({"brand", "counting_rule", "is_private", "limit", "overlong", "task"}),
    "translate": frozenset({"counting_rule", "language_name", "limit", "overlong", "wordings"}),
    "summarise": frozenset({"brand", "language_name"}),
    "pictures": frozenset({"language_name"}),
    "topics": frozenset({"brand", "language_name"}),
}


class _Rewritten(Output):
    rewritten: str


class _Translated(Output):
    translation: str


class _Summary(Output):
    about: str
    open_points: list[str]
    promised: list[str]
    tried: list[str]


class _Read(Output):
    shows: str
    error: str
    page: str
    amount: str


class _Named(Output):
    names: list[str]


class ModelAssistant:
    """Implements `domain.assistance.assistant.Assistant`.

    `prompts` are by the names of `_INPUTS`. `count` counts a text as a network does. A text that is too long
    is asked for once more.
    """

    def __init__(
        self,
        client: ModelClient,
        *,
        prompts: Mapping[str, Prompt],
        glossary: Glossary,
        count: Callable[[str, str], TextCount],
    ) -> None:
        self._client = client
        self._prompts = prompts
        self._glossary = glossary
        self._count = count

    @property
    def sees(self) -> bool:
        """Whether it has a model that reads pictures."""
        return bool(self._client.picture_model)

    async def read_pictures(self, request: PictureRequest) -> PictureReading:
        """Read the pictures, encoded anew. Card numbers and secrets in them are not told (••••)."""
        if not self.sees:
            raise NoAnswer("no model that sees is set up")
        pictures = [await asyncio.to_thread(reencoded, picture) for picture in request.pictures]
        answer = await self._client.ask(
            ModelRequest(
                purpose="read pictures",
                prompt=self._prompts["pictures"],
                values={"language_name": _language_name(request.language)},
                data={"text": request.text},
                output=_Read,
                known=request.known,
                pictures=pictures,
            )
        )
        mask = Mask()
        parts = mask.cover([answer.shows, answer.error, answer.page, answer.amount])
        shows, error, page, amount = (mask.restore(part).strip() for part in parts)
        if not shows:
            raise NoAnswer("it saw nothing in the picture")
        return PictureReading(
            shows=shows[:_MAX_ABOUT_LENGTH],
            error=error[:_MAX_POINT_LENGTH],
            page=page[:_MAX_POINT_LENGTH],
            amount=amount[:_MAX_POINT_LENGTH],
            provenance=replace(self._provenance("pictures"), model=self._client.picture_model),
        )

    async def rewrite(self, request: RewriteRequest) -> str:
        """Rewrite an answer within its limit. What it names and links to must stand in the answer already."""
        try:
            return await self._rewrite(request, overlong=0)
        except TooLong as error:
            return await self._rewrite(request, overlong=error.length)

    async def translate(self, request: TranslationRequest) -> Translation:
        """Translate a text, with the wordings of the glossary."""
        try:
            text = await self._translate(request, overlong=0)
        except TooLong as error:
            text = await self._translate(request, overlong=error.length)
        wordings = self._glossary.wordings(request.text, request.language)
        return Translation(
            text=text,
            provenance=self._provenance("translate"),
            missing=missing_wordings(wordings, text),
        )

    async def summarise(self, request: SummaryRequest) -> CaseSummary:
        """Summarise a transcript. What the summary names and links to must stand in it."""
        values = {"brand": request.brand, "language_name": _language_name(request.language)}
        lines: list[JsonValue] = [
            {
                "from": "us" if line.is_ours else "customer",
                "venue": line.venue,
                "day": line.day,
                "text": line.text,
            }
            for line in request.lines
        ]
        answer = await self._client.ask(
            ModelRequest(
                purpose="summarise",
                prompt=self._prompts["summarise"],
                values=values,
                data={"messages": lines},
                output=_Summary,
                known=request.known,
            )
        )
        if not answer.about.strip():
            raise NoAnswer("its summary is empty")
        said = [line.text for line in request.lines]
        points = [*answer.open_points, *answer.promised, *answer.tried]
        await asyncio.to_thread(require_grounded, _without_dropped(" ".join([answer.about, *points])), said)
        return CaseSummary(
            about=" ".join(answer.about.split())[:_MAX_ABOUT_LENGTH],
            tried=_points(answer.tried),
            promised=_points(answer.promised),
            open_questions=_points(answer.open_points),
            provenance=self._provenance("summarise"),
        )

    async def name_topics(self, request: TopicNameRequest) -> TopicNames:
        """Name topics, in their order. What the names link to must stand in the posts."""
        topics: list[JsonValue] = [
            {"words": list(words), "posts": list(posts)} for words, posts in request.topics
        ]
        answer = await self._client.ask(
            ModelRequest(
                purpose="name topics",
                prompt=self._prompts["topics"],
                values={"brand": request.brand, "language_name": _language_name(request.language)},
                data={"topics": topics},
                output=_Named,
                known=request.known,
            )
        )
        names = tuple(" ".join(name.split()) for name in answer.names)
        if len(names) != len(topics) or not all(0 < len(name) <= MAX_LENGTH for name in names):
            raise NoAnswer("its names do not fit the topics")
        said = [text for words, posts in request.topics for text in (*words, *posts)]
        await asyncio.to_thread(require_grounded, _without_dropped(" ".join(names)), said)
        return TopicNames(names=names, model=self._client.model)

    async def _rewrite(self, request: RewriteRequest, *, overlong: int) -> str:
        answer = await self._client.ask(
            ModelRequest(
                purpose=f"rewrite: {request.rewrite.value}",
                prompt=self._prompts["rewrite"],
                values={
                    "brand": request.brand,
                    "counting_rule": request.counting_rule,
                    "is_private": request.is_private,
                    "limit": request.limit,
                    "overlong": overlong,
                    "task": request.rewrite.value,
                },
                data={"answer": request.text, "post": request.post},
                output=_Rewritten,
                known=request.known,
                language=request.language,
            )
        )
        text = answer.rewritten.strip()
        if request.rewrite is Rewrite.SHORTER and len(text) > len(request.text):
            raise NoAnswer("its text is not shorter")
        said = f"{request.post} {request.brand}"
        await asyncio.to_thread(require_no_new_facts, text, request.text, said)
        return await self._checked(text, [request.text], request.limit, request.network)

    async def _translate(self, request: TranslationRequest, *, overlong: int) -> str:
        wordings = self._glossary.wordings(request.text, request.language)
        answer = await self._client.ask(
            ModelRequest(
                purpose="translate",
                prompt=self._prompts["translate"],
                values={
                    "counting_rule": request.counting_rule,
                    "language_name": _language_name(request.language),
                    "limit": request.limit or 0,
                    "overlong": overlong,
                    "wordings": [{"term": one.term, "wanted": one.wanted} for one in wordings],
                },
                data={"text": request.text},
                output=_Translated,
                known=request.known,
            )
        )
        text = answer.translation.strip()
        # Only our own answers: what customers write is in more languages than secrets are known in.
        if request.limit is not None:
            await asyncio.to_thread(require_no_new_secret, text, request.text)
        return await self._checked(text, [request.text], request.limit, request.network)

    async def _checked(self, text: str, sources: Sequence[str], limit: int | None, network: str) -> str:
        """Return the text; raises `NoAnswer` where it must not be shown, and `TooLong`."""
        if not text:
            raise NoAnswer("its text is empty")
        shown = text if limit is not None else _without_dropped(text)
        await asyncio.to_thread(require_grounded, shown, sources)
        length = self._count(network, text).length if network else len(text)
        if limit is not None and length > limit:
            raise TooLong(length)
        return text

    def _provenance(self, name: str) -> Provenance:
        prompt = self._prompts[name]
        return Provenance(model=self._client.model, prompt=prompt.name, prompt_version=prompt.version)


def load_assistant(
    client: ModelClient, prompts: Path, glossary: Glossary, count: Callable[[str, str], TextCount]
) -> ModelAssistant:
    """Load the prompts of the assistant. Raises PromptError."""
    folder = prompts / "assistance"
    loaded = {name: load_prompt(folder / f"{name}.md", inputs) for name, inputs in _INPUTS.items()}
    return ModelAssistant(client, prompts=loaded, glossary=glossary, count=count)


def _without_dropped(text: str) -> str:
    """Leave out what stands for a card number or a secret (••••): only agents read the text."""
    return text.replace("•", "")


def _points(lines: Sequence[str]) -> tuple[str, ...]:
    cut = (" ".join(line.split())[:_MAX_POINT_LENGTH] for line in lines)
    return tuple(line for line in cut if line)[:_MAX_POINTS]


def _language_name(code: str) -> str:
    from babel import Locale

    return str(Locale("en").languages.get(code, code))
