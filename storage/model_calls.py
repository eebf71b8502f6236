"""Store what calls of the language model came to. They hold nothing that a customer wrote."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, Integer, bindparam, case, cast, delete, func, insert, select

from domain.model_calls import ModelCall, ModelUsage, Spend
from storage.model_tables import model_calls

_c = model_calls.c
_ADD = insert(model_calls)
_TOTALS = (
    func.count(),
    cast(func.coalesce(func.sum(_c.input_tokens + _c.output_tokens), 0), Integer),
    func.coalesce(func.sum(_c.cost), 0.0),
)
_SPEND = select(*_TOTALS).where(_c.at >= bindparam("since"))
_USAGE = (
    select(
        _c.purpose,
        _c.model,
        _c.prompt_version,
        func.sum(case((_c.error == "", 0), else_=1)),
        func.avg(_c.seconds),
        *_TOTALS,
    )
    .where(_c.at >= bindparam("since"))
    .group_by(_c.purpose, _c.model, _c.prompt_version)
    .order_by(_c.purpose, _c.model, _c.prompt_version)
)
_PRUNE = delete(model_calls).where(_c.at < bindparam("before"))


class ModelCalls:
    """The calls of the model."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, call: ModelCall, *, at: datetime) -> None:
        """Insert a finished call."""
        self._connection.execute(_ADD, asdict(call) | {"at": at})

    def spend(self, *, since: datetime) -> Spend:
        """Sum up the calls since `since`."""
        calls, tokens, cost = self._connection.execute(_SPEND, {"since": since}).one()
        return Spend(calls=calls, tokens=tokens, cost=cost)

    def usage(self, *, since: datetime) -> list[ModelUsage]:
        """Sum up the calls since `since` for each purpose, model and prompt version."""
        return [
            ModelUsage(
                purpose=purpose,
                model=model,
                prompt_version=version,
                failed=int(failed),
                seconds=seconds,
                spend=Spend(calls=calls, tokens=tokens, cost=cost),
            )
            for purpose, model, version, failed, seconds, calls, tokens, cost in self._connection.execute(
                _USAGE, {"since": since}
            )
        ]

    def prune(self, *, before: datetime) -> None:
        """Delete the calls before `before`."""
        self._connection.execute(_PRUNE, {"before": before})
