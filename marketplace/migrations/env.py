"""Alembic's entry: runs the revisions on the engine it was given."""

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from sqlmodel import AutoString

from marketplace.tables import METADATA


def render(kind: str, item: Any, _: object) -> str | Literal[False]:
    """Text is text in a revision, whatever the models read from it."""
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String({item.length})"
    if kind == "type" and isinstance(item, AutoString):
        return "sa.String()"
    return False


engine = context.config.attributes["engine"]
with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_type=True,
        render_as_batch=True,
        render_item=render,
        user_module_prefix="db.",
    )
    with context.begin_transaction():
        context.run_migrations()
