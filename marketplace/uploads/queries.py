"""What can be seen of files in which a virus was found."""

from collections.abc import Sequence

from sqlmodel import col, select

from marketplace.core.context import Context
from marketplace.core.scanning import Scan, Verdict
from marketplace.organisations.models import Organisation
from marketplace.policy import visible_to

MOST = 50


def refused(ctx: Context) -> Sequence[tuple[Scan, str]]:
    """The last of them, with the organisation whose people uploaded each."""
    found = (
        select(Scan, Organisation.name)
        .join(Organisation, col(Organisation.id) == Scan.organisation_id)
        .where(Scan.verdict == Verdict.INFECTED, visible_to(ctx.actor, Scan))
        .order_by(col(Scan.tried_at).desc(), col(Scan.id).desc())
    )
    return ctx.session.exec(found.limit(MOST)).all()
