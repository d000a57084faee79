"""scores of choices"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from marketplace.core import db

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("choice") as table:
        table.add_column(sa.Column("score", db.Amount(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("choice") as table:
        table.drop_column("score")
