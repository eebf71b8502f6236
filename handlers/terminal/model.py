"""Check the language model: whether it drafts, what its server refuses, and what it cost."""

import asyncio
import time
from datetime import datetime, timedelta
from pathlib import Path

from adapters.model import ModelClient, load_drafter
from adapters.settings import Settings
from domain.diagnostics import CheckLine
from domain.model_calls import ModelUsage, NoAnswer, Spend
from domain.networks import TextCount
from domain.triage.drafts import DraftRequest, Grounding
from handlers.triage.model_calls import start_of_day
from storage.diagnostics import read_model_calls

NAME = "Model"
USAGE_WINDOW = timedelta(days=30)
_LIMIT = 280
_SAMPLE = DraftRequest(
    text="How do I change my password?",
    network="",
    language="en",
    brand="the company",
    limit=_LIMIT,
    groundings=(
        Grounding(name="password", title="Password", text="Hi, you can change it under Settings, Security."),
    ),
)


async def check_model(
    model: ModelClient | None, settings: Settings, prompts: Path, now: datetime
) -> list[CheckLine]:
    """Ask for one small draft, which is not recorded; tell today's spend, and that of each prompt version."""
    if model is None:
        return []
    drafter = load_drafter(model, prompts, lambda _network, text: TextCount(length=len(text), limit=_LIMIT))
    started = time.monotonic()
    try:
        await drafter.draft(_SAMPLE)
    except NoAnswer as reason:
        remedy = (
            "check OPENAI_API_KEY, OPENAI_BASE_URL and OPENAI_MODEL; until then saved replies are suggested"
        )
        line = CheckLine(NAME, ok=False, detail=str(reason), remedy=remedy)
    else:
        left_out = f"; its server does not take {', '.join(model.left_out)}" if model.left_out else ""
        detail = f"{model.model} wrote a draft in {time.monotonic() - started:.1f} s{left_out}"
        line = CheckLine(NAME, ok=True, detail=detail)
    url = settings.environment.database_url.get_secret_value()
    read = await asyncio.to_thread(read_model_calls, url, today=start_of_day(now), since=now - USAGE_WINDOW)
    if read is None:
        detail = "what it cost cannot be read: the database is in use, or not ready"
        return [line, CheckLine("Model cost", ok=None, detail=detail)]
    spend, usage = read
    return [line, _spend_line(spend, settings), *map(_usage_line, usage)]


def _spend_line(spend: Spend, settings: Settings) -> CheckLine:
    model = settings.choices.model
    tokens = f" of {model.daily_tokens:,}" if model.daily_tokens else ""
    cost = f" of ${model.daily_cost:,.2f}" if model.daily_cost else ""
    is_known = model.price.cost(input_tokens=1, output_tokens=1) is not None
    detail = f"today (UTC) {spend.calls:,} calls, {spend.tokens:,}{tokens} tokens, "
    detail += f"${spend.cost:,.2f}{cost}" if is_known else "price not known"
    remedy = "" if is_known else "set model.input_price and model.output_price to see what it costs"
    return CheckLine("Model cost", ok=None, detail=detail, remedy=remedy)


def _usage_line(usage: ModelUsage) -> CheckLine:
    spend = usage.spend
    cost = f", ${spend.cost:,.2f}" if spend.cost else ""
    detail = (
        f"{usage.purpose} with {usage.model}, prompt {usage.prompt_version}, last {USAGE_WINDOW.days} days: "
        f"{spend.calls:,} calls, {usage.failed:,} failed, {usage.seconds:.1f} s each, {spend.tokens:,} tokens{cost}"
    )
    return CheckLine("Model use", ok=None, detail=detail)
