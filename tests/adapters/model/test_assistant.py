"""Rewrite, translate and summarise through the model's API, and refuse what must not be shown."""

import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from aiohttp import web
from PIL import Image

from adapters.model import ModelClient, load_prompt
from adapters.model.assistant import ModelAssistant, load_assistant
from adapters.model.pictures import reencoded
from domain.assistance.assistant import (
    Line,
    PictureRequest,
    Rewrite,
    RewriteRequest,
    SummaryRequest,
    TranslationRequest,
)
from domain.assistance.glossary import Glossary, TermWording
from domain.assistance.topic_names import TopicNameRequest
from domain.model_calls import NoAnswer
from domain.networks import TextCount
from sandbox.app import new_app, serving
from sandbox.faults import Faults
from sandbox.ledger import Ledger
from sandbox.model import API_KEY, MODEL_NAME, Model, add_routes
from tests.source import ROOT

GLOSSARY = Glossary(terms=[{"en": "refund", "es": "reembolso"}])
ANSWER = "Hi Ana. Your refund is on its way. You have it soon. See https://acme.example/refunds for more."
REQUEST = RewriteRequest(
    rewrite=Rewrite.WARMER, text=ANSWER, post="where is my money", brand="Acme", limit=280, language="en"
)
TRANSLATION = TranslationRequest(text=ANSWER, language="es", limit=280)
SUMMARY = SummaryRequest(
    lines=(
        Line(text="I tried it twice. Is anybody there?", is_ours=False, venue="public", day="2026-11-20"),
        Line(text="We will look into it today.", is_ours=True, venue="public", day="2026-11-20"),
        Line(text="It is Ana Ruiz, card 4111 1111 1111 1111", is_ours=False, venue="dm", day="2026-11-21"),
    ),
    language="en",
    brand="Acme",
    known=("Ana Ruiz",),
)


def count(network: str, text: str) -> TextCount:
    return TextCount(length=len(text) * (2 if network == "wide" else 1), limit=280)


@asynccontextmanager
async def assistant_at(address: str, picture_model: str = "") -> AsyncIterator[ModelAssistant]:
    client = ModelClient(
        api_key=API_KEY,
        base_url=address,
        model=MODEL_NAME,
        picture_model=picture_model,
        frame=load_prompt(ROOT / "prompts" / "model" / "data.md", frozenset({"schema"})),
    )
    try:
        yield load_assistant(client, ROOT / "prompts", GLOSSARY, count)
    finally:
        await client.close()


@pytest.fixture
def model() -> Model:
    return Model(Ledger(), Faults())


@pytest.fixture
async def assistant(model: Model) -> AsyncIterator[ModelAssistant]:
    app = new_app()
    add_routes(app, model)
    async with serving(app) as where, assistant_at(f"{where}/openai/v1") as assistant:
        yield assistant


@asynccontextmanager
async def saying(
    *answers: dict[str, Any], picture_model: str = "seeing"
) -> AsyncIterator[tuple[ModelAssistant, list[dict[str, Any]]]]:
    """Serve these answers, one after the other; yields the assistant and the requests."""
    left, seen = iter(answers), []

    async def act(request: web.Request) -> web.Response:
        seen.append(await request.json())
        message = {"role": "assistant", "content": json.dumps(next(left)), "refusal": None}
        choice = {"index": 0, "finish_reason": "stop", "message": message, "logprobs": None}
        return web.json_response(
            {"id": "1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
        )

    app = web.Application()
    app.router.add_post("/v1/chat/completions", act)
    async with serving(app) as where, assistant_at(f"{where}/v1", picture_model) as assistant:
        yield assistant, seen


@pytest.mark.parametrize("rewrite", [one for one in Rewrite if one is not Rewrite.TRANSLATE])
async def test_every_change_has_a_text_of_its_own(assistant: ModelAssistant, rewrite: Rewrite) -> None:
    rewritten = await assistant.rewrite(replace(REQUEST, rewrite=rewrite))
    assert rewritten
    assert rewritten != ANSWER


async def test_a_translation_has_the_glossarys_wordings(assistant: ModelAssistant) -> None:
    translation = await assistant.translate(TRANSLATION)
    assert "reembolso" in translation.text
    assert translation.missing == ()
    made_by = translation.provenance
    assert (made_by.model, made_by.prompt) == (MODEL_NAME, "translate")


async def test_a_missing_wording_is_told() -> None:
    async with saying({"translation": "Hola Ana."}) as (assistant, _):
        translation = await assistant.translate(TRANSLATION)
    assert translation.missing == (TermWording("refund", "reembolso"),)


async def test_a_summary_says_what_is_open_promised_and_tried(assistant: ModelAssistant) -> None:
    summary = await assistant.summarise(SUMMARY)
    assert summary.open_questions == ("I tried it twice. Is anybody there?",)
    assert summary.promised == ("We will look into it today.",)
    assert summary.tried == ("I tried it twice. Is anybody there?",)
    assert "4111" not in " ".join([summary.about, *summary.tried])


TOPICS = TopicNameRequest(
    topics=[
        (("voucher", "app"), ("the app refuses my voucher, Ruiz here",)),
        (("parcel",), ("my parcel is late",)),
    ],
    language="en",
    brand="Acme",
    known=("Ruiz",),
)


async def test_topics_are_named_in_their_order(assistant: ModelAssistant) -> None:
    named = await assistant.name_topics(TOPICS)
    assert (named.names, named.model) == (("Voucher app", "Parcel"), MODEL_NAME)


@pytest.mark.parametrize(
    "names",
    [["Voucher"], ["Voucher", ""], ["Voucher", "x" * 61], ["Voucher", "see https://evil.example/pay"]],
)
async def test_names_that_do_not_fit_the_topics_are_no_answer(names: list[str]) -> None:
    async with saying({"names": names}) as (assistant, seen):
        with pytest.raises(NoAnswer):
            await assistant.name_topics(TOPICS)
    assert "Ruiz" not in json.dumps(seen)


async def test_names_and_card_numbers_do_not_leave() -> None:
    answer = {"about": "It is open.", "open_points": [], "promised": [], "tried": []}
    async with saying(answer) as (assistant, seen):
        await assistant.summarise(SUMMARY)
    assert "Ruiz" not in json.dumps(seen)
    assert "4111" not in json.dumps(seen)


async def test_what_strangers_wrote_is_data_and_no_instruction() -> None:
    async with saying({"rewritten": "Hi Ana."}) as (assistant, seen):
        await assistant.rewrite(REQUEST)
    [system, user] = seen[0]["messages"]
    assert "where is my money" not in system["content"]
    assert json.loads(user["content"])["post"] == "where is my money"


def screenshot(width: int = 60, height: int = 40) -> bytes:
    """Draw a picture with a place and a comment in its EXIF data."""
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    written = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(written, "JPEG", exif=exif, comment=b"by Ana")
    return written.getvalue()


PICTURES = PictureRequest(pictures=(screenshot(),), text="look at this", source="", language="en")


def test_a_picture_leaves_small_and_without_what_else_its_file_holds() -> None:
    content = screenshot(4000, 200)
    assert b"taken at home" in content
    sent = reencoded(content)
    assert b"taken at home" not in sent
    assert b"by Ana" not in sent
    with Image.open(io.BytesIO(sent)) as picture:
        assert (picture.format, picture.width, len(picture.getexif())) == ("JPEG", 1600, 0)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 no picture", b"GIF89a", screenshot()[:100]])
def test_what_is_no_picture_does_not_leave(content: bytes) -> None:
    with pytest.raises(NoAnswer, match="cannot be read"):
        reencoded(content)


def test_a_huge_picture_does_not_leave() -> None:
    written = io.BytesIO()
    Image.new("1", (9000, 9000)).save(written, "PNG")
    with pytest.raises(NoAnswer, match="too large"):
        reencoded(written.getvalue())


async def test_what_is_read_in_a_picture_tells_no_card_number() -> None:
    answer = {"shows": "A card 4111 1111 1111 1111", "error": "E-4031", "page": "", "amount": "49 €"}
    async with saying(answer) as (assistant, seen):
        reading = await assistant.read_pictures(PICTURES)
    assert (reading.shows, reading.error, reading.page, reading.amount) == (
        "A card ••••",
        "E-4031",
        "",
        "49 €",
    )
    assert (reading.provenance.model, seen[0]["model"]) == ("seeing", "seeing")
    [_, user] = seen[0]["messages"]
    assert [part["type"] for part in user["content"]] == ["text", "image_url"]
    assert user["content"][1]["image_url"]["url"].startswith("data:image/jpeg;base64,")


async def test_without_a_model_that_sees_no_picture_leaves() -> None:
    async with saying(picture_model="") as (assistant, seen):
        assert not assistant.sees
        with pytest.raises(NoAnswer):
            await assistant.read_pictures(PICTURES)
    assert seen == []


Ask = Callable[[ModelAssistant], Any]
BAD_TEXTS = [
    "",
    "See https://evil.example for your refund",
    "Write to me@evil.example",
    "Call +44 20 7946 0018 now",
    "DM @evil for help",
    "<!channel> hello",
    "Hi [your name]",
    "Hi \u202eana",
    "Visit evil'com",
    "Visit evil com slash login",
    "Join our Telegramm group",
]


@pytest.mark.parametrize("text", BAD_TEXTS)
async def test_a_text_that_adds_links_names_or_markup_is_refused(text: str) -> None:
    async with saying({"rewritten": text}, {"translation": text}) as (assistant, _):
        with pytest.raises(NoAnswer):
            await assistant.rewrite(REQUEST)
        with pytest.raises(NoAnswer):
            await assistant.translate(TRANSLATION)


@pytest.mark.parametrize(
    "text",
    [
        "Hi Ana. Send us your PIN and your refund is on its way.",
        "Hi Ana. Your refund of 500 € is on its way.",
        "Hi Ana. Your refund is on its way, code WIN4711.",
        "Hi Ana. Pay to bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq.",
    ],
)
async def test_a_rewritten_answer_says_of_no_secret_code_or_figure_of_its_own(text: str) -> None:
    async with saying({"rewritten": text}) as (assistant, _):
        with pytest.raises(NoAnswer, match=r"speaks of a secret|adds a"):
            await assistant.rewrite(REQUEST)


async def test_figures_of_the_post_and_counts_may_be_said() -> None:
    text = "Hi Ana. Your refund of 12.50 € is on its way, in 2 days, says ACME."
    asked = replace(REQUEST, text="Hi Ana. Your refund is on its way, in two days.", post="my 12,50 €?")
    async with saying({"rewritten": text}) as (assistant, _):
        assert await assistant.rewrite(asked) == text


async def test_the_translation_of_an_answer_asks_for_no_secret_of_its_own() -> None:
    text = "Hola Ana. Envíanos tu contraseña."
    async with saying({"translation": text}, {"translation": text}) as (assistant, _):
        with pytest.raises(NoAnswer, match="speaks of a secret"):
            await assistant.translate(TRANSLATION)
        asked = replace(TRANSLATION, text="Hi Ana. Never send us your password.")
        assert (await assistant.translate(asked)).text == text


@pytest.mark.parametrize("text", BAD_TEXTS)
async def test_a_summary_that_adds_them_is_refused(text: str) -> None:
    answer = {"about": text, "open_points": [], "promised": [], "tried": []}
    async with saying(answer) as (assistant, _):
        with pytest.raises(NoAnswer):
            await assistant.summarise(SUMMARY)


async def test_links_of_the_text_may_stay() -> None:
    text = "Hola. Mira https://acme.example/refunds"
    async with saying({"translation": text}) as (assistant, _):
        assert (await assistant.translate(TRANSLATION)).text == text


async def test_a_text_that_is_too_long_is_asked_for_once_more() -> None:
    request = replace(REQUEST, limit=20, network="wide")
    async with saying({"rewritten": "Eleven char"}, {"rewritten": "Ten chars."}) as (assistant, seen):
        assert await assistant.rewrite(request) == "Ten chars."
    assert "22 characters long" in seen[1]["messages"][0]["content"]
    async with saying({"rewritten": "x" * 21}, {"rewritten": "x" * 21}) as (assistant, _):
        with pytest.raises(NoAnswer, match="too long"):
            await assistant.rewrite(request)


async def test_shorter_is_shorter() -> None:
    async with saying({"rewritten": f"{ANSWER} And more."}) as (assistant, _):
        with pytest.raises(NoAnswer, match="not shorter"):
            await assistant.rewrite(replace(REQUEST, rewrite=Rewrite.SHORTER))
