"""Keep to the daily cap on the language model, and record its calls."""

from datetime import datetime

from domain.delivery.effects import Alert
from domain.model_calls import ModelCall
from domain.policy import Policy
from storage.unit_of_work import UnitOfWork


def may_call_model(uow: UnitOfWork, *, policy: Policy, now: datetime) -> bool:
    """Return whether today's cap leaves room for a call; alert on-call once a day where it does not."""
    spend = uow.model_calls.spend(since=start_of_day(now))
    if not policy.model_budget.is_used_up(spend):
        return True
    cost = f" and ${spend.cost:,.2f}" if spend.cost else ""
    text = (
        f"Today's cap on the language model is used up: {spend.calls:,} calls, {spend.tokens:,} tokens{cost}. "
        "Until midnight UTC the bot does without it, and suggests saved replies. "
        "The caps are model.daily_tokens and model.daily_cost in switchboard.toml."
    )
    uow.outbox.add(
        [Alert(text=text, dedupe_key=f"model_cap:{now:%Y%m%d}", channel=policy.alert_channel)], now=now
    )
    return False


def record_model_call(uow: UnitOfWork, *, call: ModelCall, now: datetime) -> None:
    """Store a finished call."""
    uow.model_calls.add(call, at=now)


def start_of_day(now: datetime) -> datetime:
    """Return the start of the day in UTC."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
