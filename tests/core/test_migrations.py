"""The migrations make from nothing what the models describe."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from marketplace.core import db
from marketplace.migrate import configuration
from marketplace.tables import METADATA


def test_from_empty_they_make_what_the_models_describe(marketplace):
    with marketplace.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert set(METADATA.tables) <= set(inspect(connection).get_table_names())


def test_each_can_be_taken_back(marketplace):
    command.downgrade(configuration(marketplace.engine), "base")
    with marketplace.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    command.upgrade(configuration(marketplace.engine), "head")


def test_what_an_earlier_revision_holds_is_there_after_the_later_ones(marketplace):
    command.downgrade(configuration(marketplace.engine), "0002")
    with marketplace.engine.begin() as connection:
        tables = sa.MetaData()
        tables.reflect(connection)
        supplier = _row(connection, tables.tables["organisation"], kind="supplier", stage="active")
        authority = _row(connection, tables.tables["organisation"], kind="authority")
        product = _row(connection, tables.tables["product"], organisation_id=supplier)
        _row(connection, tables.tables["productuse"], product_id=product, organisation_id=authority)
        _row(connection, tables.tables["challenge"], organisation_id=authority, stage="open")
    command.upgrade(configuration(marketplace.engine), "head")
    with marketplace.engine.connect() as connection:
        for name in ("product", "productuse", "challenge"):
            held = connection.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar()
            assert held == 1, name


def _row(connection: sa.Connection, table: sa.Table, **values: Any) -> Any:
    """A row with something in each column that may not be empty; its id."""
    given: Mapping[type[Any], Any] = {
        str: uuid4().hex, int: 0, bool: False, dict: {}, datetime: datetime(2026, 1, 1, tzinfo=UTC)
    }  # fmt: skip
    for column in table.columns:
        kind = type(None)
        if column.name == "id":
            values["id"] = uuid4()
        elif not column.nullable and column.name not in values:
            kind = dict if isinstance(column.type, sa.JSON) else column.type.python_type
            values[column.name] = given[kind]
    # SQLite keeps an id as its 32 figures, and reflects no more of it than that
    if connection.dialect.name == "sqlite":
        values = {
            k: v.hex if hasattr(v, "hex") and not isinstance(v, float) else v
            for k, v in values.items()
        }
    connection.execute(table.insert().values(values))
    return values["id"]


def test_sqlite_runs_with_a_journal_ahead_and_foreign_keys(tmp_path):
    engine = db.engine(f"sqlite:///{tmp_path / 'some.db'}")
    with engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}
