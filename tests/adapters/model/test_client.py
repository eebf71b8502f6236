"""Ask the sandbox's model as servers of every kind answer, and see what is recorded."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.model import ModelClient, ModelRequest, Output, load_model, load_prompt
from adapters.model.completions import MAX_RETRIES
from domain.model_calls import ModelCall, ModelPrice, NoAnswer
from sandbox.app import new_app, serving
from sandbox.faults import Fault, Faults
from sandbox.ledger import Ledger
from sandbox.model import API_KEY, MODEL_NAME, Model, add_routes
from sandbox.model.behaviour import Behaviour, Manner
from tests.source import ROOT

PROMPTS = ROOT / "prompts"
CALL = "POST /v1/chat/completions"
#: What each kind of server is sent in the end, by what it refuses.
SERVERS = {
    (): ("store", "json_schema", "strict"),
    ("store",): ("json_schema", "strict"),
    ("strict",): ("store", "json_schema"),
    ("json_schema",): ("store", "json_object"),
    ("store", "json_schema"): ("json_object",),
    ("json_schema", "json_object"): ("store",),
    ("store", "strict", "json_schema", "json_object"): (),
}


class Reply(Output):
    """A small answer."""

    reply: str
    missing: list[str]


class Records:
    """A ledger in memory, with a cap of `most` calls."""

    def __init__(self, most: int = 1000) -> None:
        self.calls: list[ModelCall] = []
        self.most = most

    async def may_call(self) -> bool:
        return len(self.calls) < self.most

    async def record(self, call: ModelCall) -> None:
        self.calls.append(call)


@pytest.fixture
def model() -> Model:
    return Model(Ledger(), Faults())


@pytest.fixture
def records() -> Records:
    return Records()


@asynccontextmanager
async def client_of(model: Model, records: Records, seconds: float = 10) -> AsyncIterator[ModelClient]:
    app = new_app()
    add_routes(app, model)
    async with serving(app) as where:
        client = load_model(
            PROMPTS,
            api_key=API_KEY,
            base_url=f"{where}/openai/v1",
            model=MODEL_NAME,
            price=ModelPrice(input=1.0, output=2.0),
            ledger=records,
            seconds=seconds,
        )
        try:
            yield client
        finally:
            await client.close()


@pytest.fixture
async def client(model: Model, records: Records) -> AsyncIterator[ModelClient]:
    async with client_of(model, records) as opened:
        yield opened


def a_request(post: str = "@acme very-private-words, ana@example.com") -> ModelRequest[Reply]:
    return ModelRequest(
        purpose="try",
        prompt=load_prompt(PROMPTS / "voice.md"),
        values={},
        data={"post": post, "sources": [{"id": "ana@example.com", "text": "Ask ana@example.com"}]},
        output=Reply,
    )


def sent(model: Model) -> list[dict[str, object]]:
    return [entry.detail["request"] for entry in model.ledger.of("model", CALL)]


def features(body: dict[str, object]) -> tuple[str, ...]:
    described = body.get("response_format")
    kind = described.get("type") if isinstance(described, dict) else None
    has = {"store": "store" in body, str(kind): kind is not None, "strict": "strict" in str(described)}
    return tuple(name for name in ("store", "json_schema", "json_object", "strict") if has.get(name))


@pytest.mark.parametrize("refused", SERVERS, ids=", ".join)
async def test_what_a_server_refuses_is_left_out_from_then_on(
    model: Model, client: ModelClient, refused: tuple[str, ...], caplog: pytest.LogCaptureFixture
) -> None:
    model.unsupported = frozenset(refused)
    for _ in range(2):
        assert (await client.ask(a_request())).reply
    assert [features(body) for body in sent(model)] == [SERVERS[refused]] * 2
    told = [record.message for record in caplog.records if "left out from now on" in record.message]
    assert len(told) == len(client.left_out) >= len(refused) - 1
    assert "very-private-words" not in caplog.text


#: How servers word their refusals, as users reported them: what is left out first, and what is told of it.
WORDINGS = {
    "Gemini": (
        400,
        [{"error": {"code": 400, "message": 'Unknown name "store": Cannot find field.'}}],
        "store",
    ),
    "Mistral": (
        422,
        {
            "detail": [
                {"type": "extra_forbidden", "loc": ["body", "store"], "msg": "Extra inputs are not permitted"}
            ]
        },
        "store",
    ),
    "Azure": (400, {"error": {"message": "Unknown parameter: 'store'"}}, "store"),
    "Gemini, strict": (
        400,
        {
            "error": {
                "message": "Unknown name \"additional_properties\" at 'response_schema': Cannot find field."
            }
        },
        "strict schema",
    ),
    "DeepSeek": (
        400,
        {"error": {"message": "This response_format type is unavailable now", "param": None}},
        "JSON schema",
    ),
    "xAI": (
        400,
        {
            "code": "Client specified an invalid argument",
            "error": "The response_format parameter is unsupported",
        },
        "JSON schema",
    ),
    "vLLM": (400, {"object": "error", "message": "structured outputs are not available"}, "JSON schema"),
    "vLLM, grammar": (
        400,
        {"object": "error", "message": "Grammar error: Unimplemented keys"},
        "JSON schema",
    ),
    "Groq": (400, {"error": {"message": "property 'store' is unsupported"}}, "store"),
    "Groq, schema": (
        400,
        {"error": {"message": "This model does not support response format `json_schema`.", "param": "x"}},
        "JSON schema",
    ),
    "Ollama": (
        400,
        {
            "error": {
                "message": "json: cannot unmarshal bool into Go struct field ChatCompletionRequest.store"
            }
        },
        "store",
    ),
    "LiteLLM": (
        400,
        {"error": {"message": "UnsupportedParamsError: ollama does not support parameters: ['store']"}},
        "store",
    ),
    "OpenRouter": (
        400,
        {
            "error": {
                "message": "Provider returned error",
                "metadata": {"raw": json.dumps({"error": {"message": 'Unknown name "store"'}})},
            }
        },
        "store",
    ),
    "TGI": (422, "response_format: unknown variant `json_schema`, expected `json_object`", "JSON schema"),
    "vLLM, a validation error": (
        400,
        {
            "message": "2 validation errors for Request\nbody\nstrict\n  Extra inputs are not permitted",
            "param": None,
        },
        "strict schema",
    ),
    "llama.cpp": (
        500,
        {
            "error": {
                "code": 500,
                "message": 'response_format type must be one of "text" or "json_object", but got: json_schema',
                "type": "server_error",
            }
        },
        "JSON schema",
    ),
    "Ollama, schema": (500, {"error": "invalid JSON schema in format"}, "JSON schema"),
    "OpenRouter, no provider": (
        404,
        {"error": {"message": "No endpoints found that support structured outputs.", "code": 404}},
        "JSON schema",
    ),
    "OpenRouter, no provider for the parameters": (
        404,
        {"error": {"message": "No endpoints found that can handle the requested parameters.", "code": 404}},
        "store",
    ),
    "Mistral, nested": (
        422,
        {
            "object": "error",
            "message": {
                "detail": [
                    {"type": "extra_forbidden", "loc": ["body", "store"], "msg": "Extra", "input": False}
                ]
            },
            "type": "invalid_request_error",
            "code": None,
        },
        "store",
    ),
    "Cerebras": (
        400,
        {"message": "store: property 'body.store' is unsupported", "param": "validation_error"},
        "store",
    ),
    "xAI, argument": (
        400,
        {"code": "invalid argument", "error": "Argument not supported on this model: responseFormat"},
        "JSON schema",
    ),
    "Azure, version": (
        400,
        {
            "error": {
                "code": "BadRequest",
                "message": "response_format value as json_schema is enabled only for api versions 2024-08-01-preview",
            }
        },
        "JSON schema",
    ),
    "Gemini, states": (
        400,
        [{"error": {"code": 400, "message": "The specified schema has too many states for serving."}}],
        "JSON schema",
    ),
    "SGLang": (400, {"object": "error", "message": "Grammar error: unsupported keyword"}, "JSON schema"),
    "LM Studio": (400, {"error": "'response_format.type' must be 'text'"}, "JSON schema"),
    "Perplexity": (
        400,
        {
            "error": {
                "message": "[\"At body -> response_format -> type: Input should be 'text'\"]",
                "code": 400,
            }
        },
        "JSON schema",
    ),
    "Mistral, with what was sent": (
        422,
        {"detail": [{"loc": ["body", "response_format"], "msg": "No", "input": "the store is shut"}]},
        "JSON schema",
    ),
}


@pytest.mark.parametrize(("status", "body", "feature"), WORDINGS.values(), ids=WORDINGS)
async def test_refusals_are_understood_as_servers_word_them(
    model: Model, client: ModelClient, status: int, body: object, feature: str
) -> None:
    times = 1 + MAX_RETRIES if status >= 500 else 1  # the library repeats what fails on the server
    model.faults.add(Fault(f"model:{CALL}", "status", times=times, status=status, body=json.dumps(body)))
    assert (await client.ask(a_request())).reply
    assert client.left_out == [feature]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("The model is overloaded by design", "(it says: The model is overloaded by design)"),
        ("Bad key sk-abcdefghijklmnopqrstuvwx", "Bad key [hidden]"),
        (f"Incorrect key: {API_KEY}", "Incorrect key: [hidden]"),
        ("Bad key abcdefghijklmnopqrstuvwx", "Bad key [hidden]"),
        ("Bad key aBcDeFgHiJkLmNoPqRsTuVwX", "Bad key [hidden]"),
        (
            "Unknown additionalProperties at output_config.format.schema",
            "Unknown additionalProperties at output_config.format.schema",
        ),
        ("No: " + "so " * 200, "so…"),
        ("Cannot process: very-private-words, sorry", None),
        ("Blocked user ana@example.com", None),
        ("", None),
    ],
)
async def test_the_reason_is_the_servers_own_without_secrets_or_customers_words(
    model: Model, client: ModelClient, records: Records, said: str, shown: str | None
) -> None:
    await client.ask(a_request())
    body = json.dumps({"error": {"message": said}})
    model.faults.add(Fault(f"model:{CALL}", "status", times=-1, status=403, body=body))
    with pytest.raises(NoAnswer, match="OPENAI_API_KEY may not use this model"):
        await client.ask(a_request())
    error = records.calls[-1].error
    assert ("(it says: " in error) is (shown is not None)
    assert (shown or "") in error
    assert len(error) < 300


#: Refusals that no feature explains: they end the first call, and teach nothing.
NOT_OF_FEATURES = {
    "Gemini, key": {"error": {"message": "API key not valid. Please pass a valid API key."}},
    "Groq, answer": {
        "error": {
            "message": "Generated JSON does not match the expected schema. See 'failed_generation'.",
            "code": "json_validate_failed",
            "failed_generation": "Your store",
        }
    },
    "Azure, filter": {"error": {"message": "The response was filtered.", "code": "content_filter"}},
    "vLLM, length": {"message": "This model's maximum context length is 2048 tokens."},
    "Gemini, place": {"error": {"message": "User location is not supported for the API use."}},
    "Mistral, model": {"object": "error", "message": "Invalid model: mistral-tiny", "code": "1500"},
    "Groq, model": {
        "error": {"message": "The model `llama3` has been decommissioned and is no longer supported."}
    },
    "LM Studio, model": {
        "error": {"message": "No models loaded. Please load a model in the developer page."}
    },
    "vLLM, role": {"error": {"message": "System role not supported", "type": "BadRequestError"}},
}


@pytest.mark.parametrize("body", NOT_OF_FEATURES.values(), ids=NOT_OF_FEATURES)
async def test_a_first_refusal_that_no_feature_explains_is_told_at_once(
    model: Model, client: ModelClient, records: Records, body: dict[str, object]
) -> None:
    model.faults.add(Fault(f"model:{CALL}", "status", times=1, status=400, body=json.dumps(body)))
    with pytest.raises(NoAnswer, match="HTTP 400"):
        await client.ask(a_request())
    assert len(records.calls) == 1
    assert client.left_out == []


@pytest.mark.parametrize(
    ("status", "times", "message"),
    [(404, 1, "The model does not exist"), (500, 1 + MAX_RETRIES, "Internal server error")],
)
async def test_an_error_that_names_no_feature_is_no_refusal_of_one(
    model: Model, client: ModelClient, status: int, times: int, message: str
) -> None:
    body = json.dumps({"error": {"message": message}})
    model.faults.add(Fault(f"model:{CALL}", "status", times=times, status=status, body=body))
    with pytest.raises(NoAnswer, match=f"HTTP {status}"):
        await client.ask(a_request())
    assert client.left_out == []


async def test_the_words_of_the_provider_behind_a_gateway_are_told(
    model: Model, client: ModelClient, records: Records
) -> None:
    raw = json.dumps({"error": {"message": "The model is gone since March"}})
    body = {"error": {"message": "Provider returned error", "metadata": {"raw": raw}}}
    model.faults.add(Fault(f"model:{CALL}", "status", times=-1, status=404, body=json.dumps(body)))
    with pytest.raises(NoAnswer, match="it says: The model is gone since March"):
        await client.ask(a_request())


async def test_an_error_that_comes_as_an_answer_is_told(model: Model, client: ModelClient) -> None:
    body = json.dumps({"error": {"message": "No provider has room for this", "code": 502}})
    model.faults.add(Fault(f"model:{CALL}", "status", times=-1, status=200, body=body))
    with pytest.raises(NoAnswer) as told:
        await client.ask(a_request())
    assert "an error instead of an answer (it says: No provider has room for this)" in str(told.value)


async def test_a_refusal_of_the_content_teaches_nothing(model: Model, client: ModelClient) -> None:
    await client.ask(a_request())
    body = '{"error": {"message": "it is too long", "type": "invalid_request_error"}}'
    model.faults.add(Fault(f"model:{CALL}", "status", times=-1, status=400, body=body))
    with pytest.raises(NoAnswer, match="HTTP 400"):
        await client.ask(a_request())
    model.faults.clear()
    await client.ask(a_request())
    assert client.left_out == []


@pytest.mark.parametrize("manner", ["fenced"])
async def test_an_answer_in_a_fence_is_read(model: Model, client: ModelClient, manner: Manner) -> None:
    model.behave(manner)
    assert (await client.ask(a_request())).reply


@pytest.mark.parametrize(
    ("manner", "why"),
    [
        ("html", "cannot be understood"),
        ("empty", "sent no answer"),
        ("length", "cut off"),
        ("refused", "refused"),
        ("content-filter", "content filter"),
        ("not-json", "wrong shape"),
        ("wrong-shape", "wrong shape"),
        ("http-401", "401"),
    ],
)
async def test_what_is_no_answer_is_told_and_recorded(
    model: Model, client: ModelClient, records: Records, manner: Manner, why: str
) -> None:
    model.behave(manner)
    with pytest.raises(NoAnswer, match=why):
        await client.ask(a_request())
    [call] = records.calls
    assert why in call.error
    assert (call.input_tokens > 0) is (manner != "http-401")
    assert "very-private-words" not in call.error


@pytest.mark.parametrize("manner", ["http-429", "http-500"])
async def test_a_short_failure_is_waited_out(model: Model, client: ModelClient, manner: Manner) -> None:
    model.behave(manner, times=MAX_RETRIES, seconds=0.01)
    assert (await client.ask(a_request())).reply


async def test_the_wait_that_a_server_asks_for_is_within_the_deadline(model: Model, records: Records) -> None:
    async with client_of(model, records, seconds=0.5) as client:
        model.behave("http-429", times=-1, seconds=0.9)
        async with asyncio.timeout(Behaviour("slow").seconds / 2):
            with pytest.raises(NoAnswer, match=r"did not answer within 0\.5 s"):
                await client.ask(a_request())
    assert records.calls[0].seconds < 5


async def test_a_call_is_recorded_with_what_it_cost(
    model: Model, client: ModelClient, records: Records
) -> None:
    await client.ask(a_request())
    [call] = records.calls
    assert (call.purpose, call.model, call.prompt, call.prompt_version) == ("try", MODEL_NAME, "voice", "1")
    assert call.error == ""
    assert call.cost == pytest.approx((call.input_tokens + 2 * call.output_tokens) / 1_000_000)
    assert call.input_tokens > call.output_tokens > 0


async def test_over_the_cap_nothing_is_sent(model: Model) -> None:
    records = Records(most=1)
    async with client_of(model, records) as client:
        await client.ask(a_request())
        with pytest.raises(NoAnswer, match="cap"):
            await client.ask(a_request())
    assert len(sent(model)) == 1


async def test_personal_data_is_masked_and_put_back_but_for_ids(model: Model, client: ModelClient) -> None:
    answer = await client.ask(a_request())
    [body] = sent(model)
    assert '"id": "ana@example.com", "text": "Ask <EMAIL_1>"' in str(body["messages"])
    assert str(body).count("ana@example.com") == 1
    assert answer.reply == "Ask ana@example.com"


@pytest.mark.parametrize("mark", ["<EMAIL_7>", "EMAIL_1", "<phone_1>", "<SECRET_1>"])
async def test_a_mark_that_stands_for_nothing_is_refused(
    model: Model, client: ModelClient, mark: str
) -> None:
    model.obey = lambda _: f'{{"reply": "write to {mark}", "missing": []}}'
    with pytest.raises(NoAnswer, match="made up a mark"):
        await client.ask(a_request())


async def test_instructions_that_come_back_are_refused(model: Model, client: ModelClient) -> None:
    instructions = load_prompt(PROMPTS / "voice.md").instructions({})
    leaked = " ".join(instructions.split()[3:20])
    model.obey = lambda _: json.dumps({"reply": f"Sure: {leaked}", "missing": []})
    with pytest.raises(NoAnswer, match="repeats its instructions"):
        await client.ask(a_request())


async def test_the_key_is_in_no_log(
    model: Model, client: ModelClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    model.behave("http-401")
    with pytest.raises(NoAnswer):
        await client.ask(a_request())
    await client.ask(a_request())
    assert API_KEY not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("adapters", "handlers"))
    )
