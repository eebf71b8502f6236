"""Write in SQL what the two databases say differently: hours, seconds between moments, lists, conditions."""

from typing import Any

from sqlalchemy import JSON, Boolean, Integer, cast, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.expression import ColumnElement, FunctionElement


class SecondsBetween(FunctionElement[int]):
    """The seconds from one moment to another, rounded; both are of type `UtcDateTime`."""

    inherit_cache = True
    name = "seconds_between"
    type = Integer()

    def __init__(self, since: ColumnElement[Any], until: ColumnElement[Any]) -> None:
        super().__init__(since, until)


@compiles(SecondsBetween, "sqlite")
def _seconds_on_sqlite(element: SecondsBetween, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    since, until = (compiler.process(part, **kw) for part in element.clauses)
    return f"CAST(round((julianday({until}) - julianday({since})) * 86400) AS INTEGER)"


@compiles(SecondsBetween, "postgresql")
def _seconds_on_postgresql(element: SecondsBetween, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    since, until = (compiler.process(part, **kw) for part in element.clauses)
    # `extract` computes with numbers of any length, which takes several times as long.
    return f"round(date_part('epoch', {until} - {since}))::bigint"


class HourOf(FunctionElement[int]):
    """The number of the hour that a moment is in, counted from 1970; the moment is of type `UtcDateTime`."""

    inherit_cache = True
    name = "hour_of"
    type = Integer()

    def __init__(self, moment: ColumnElement[Any]) -> None:
        super().__init__(moment)


@compiles(HourOf, "sqlite")
def _hour_on_sqlite(element: HourOf, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **kw)}) AS INTEGER) / 3600"


@compiles(HourOf, "postgresql")
def _hour_on_postgresql(element: HourOf, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    return f"floor(date_part('epoch', {compiler.process(element.clauses, **kw)}) / 3600)::bigint"


class ListOf(FunctionElement[list[int | None]]):
    """All values of a group in one list, NULL as `None`: read ten times as fast as a row each.

    NULL, or an empty list, where there is none.
    """

    inherit_cache = True
    name = "list_of"
    type = JSON()

    def __init__(self, value: ColumnElement[Any]) -> None:
        super().__init__(value)


@compiles(ListOf, "sqlite")
def _list_on_sqlite(element: ListOf, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    return f"json_group_array({compiler.process(element.clauses, **kw)})"


@compiles(ListOf, "postgresql")
def _list_on_postgresql(element: ListOf, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    return f"json_agg({compiler.process(element.clauses, **kw)})"


class RowOf(FunctionElement[list[Any]]):
    """Several values as one list, so that a subquery can return all of them."""

    inherit_cache = True
    name = "row_of"
    type = JSON()

    def __init__(self, *values: ColumnElement[Any]) -> None:
        super().__init__(*values)


@compiles(RowOf, "sqlite")
def _row_on_sqlite(element: RowOf, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    return f"json_array({compiler.process(element.clauses, **kw)})"


@compiles(RowOf, "postgresql")
def _row_on_postgresql(element: RowOf, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    return f"json_build_array({compiler.process(element.clauses, **kw)})"


class ByDatabase(FunctionElement[bool]):
    """A condition that is written in another way for each database, and means the same."""

    inherit_cache = True
    name = "by_database"
    type = Boolean()

    def __init__(self, *, sqlite: ColumnElement[bool], postgresql: ColumnElement[bool]) -> None:
        super().__init__(sqlite, postgresql)


@compiles(ByDatabase, "sqlite")
def _condition_on_sqlite(element: ByDatabase, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    sqlite, _ = element.clauses
    return compiler.process(sqlite, **kw)


@compiles(ByDatabase, "postgresql")
def _condition_on_postgresql(element: ByDatabase, compiler: SQLCompiler, **kw: Any) -> str:  # noqa: ANN401 - the compiler's own
    _, postgresql = element.clauses
    return compiler.process(postgresql, **kw)


def rounded(number: ColumnElement[float | None]) -> ColumnElement[int]:
    """Return a number as an integer: a cast alone rounds on PostgreSQL, and truncates on SQLite."""
    return cast(func.round(number), Integer)


def present(values: list[int | None] | None) -> list[int]:
    """Return the values of a `ListOf` that are not NULL."""
    return [value for value in values or () if value is not None]
