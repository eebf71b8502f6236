"""PostgreSQL's driver describes the columns of a result only where somebody reads them."""

from typing import Any

import psycopg
import pytest
from sqlalchemy import select, text

from storage.engine import Store
from storage.tables import cases


def test_sqlalchemy_reads_the_columns_of_a_statement_once(
    postgres: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    described: list[int] = []

    def describe(cursor: Any, index: int) -> psycopg.Column:  # noqa: ANN401 - psycopg's
        described.append(index)
        return psycopg.Column(cursor, index)

    monkeypatch.setattr("storage.postgres.Column", describe)
    every = select(cases).where(cases.c.id == 0)
    with postgres.engine.connect() as connection:
        connection.execute(every).all()
        described.clear()
        connection.execute(every).all()
        assert described == []
        found = connection.execute(text("SELECT 1 AS one, 'b' AS two")).mappings().all()
    assert list(map(dict, found)) == [{"one": 1, "two": "b"}]
    assert described == [0, 1]


def test_the_columns_are_those_of_the_result_that_was_asked_for(postgres: Store) -> None:
    with postgres.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        cursor: Any = driver.cursor()
        described = [cursor.description]
        for statement in ("SELECT 1 AS one, 2 AS two", "NOTIFY nobody", "SELECT 3 AS three"):
            cursor.execute(statement)
            described.append(cursor.description)
        before, earlier, nothing, present = described
        assert before is nothing is None
        assert (len(present), present[0].name, present[0].type_code) == (1, "three", 23)
        with pytest.raises(psycopg.InterfaceError):
            list(earlier)
