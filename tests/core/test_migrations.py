"""The migrations make from nothing what the models describe."""

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


def test_sqlite_runs_with_a_journal_ahead_and_foreign_keys(tmp_path):
    engine = db.engine(f"sqlite:///{tmp_path / 'some.db'}")
    with engine.connect() as connection:
        pragma = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    engine.dispose()
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}
