"""The table of standards as the pages of a product show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from auth.actor import NOBODY
from marketplace.catalogue.models import Product
from marketplace.claims import queries
from marketplace.claims.models import Claim
from marketplace.claims.queries import Standing
from marketplace.core.charts import TimeScale
from marketplace.core.context import Context
from marketplace.standards.models import Obligation

Row = tuple[str, str, str, Standing | None, str]  # title, version, how far it binds, … , its id


def blank(organisation_id: UUID) -> Claim:
    """A claim that nobody has made yet, to ask whether this actor may."""
    return Claim(organisation_id=organisation_id, version_id=NOBODY)


@dataclass(frozen=True, slots=True)
class Unmade:
    """The same for a page that only asks: making a whole row takes as long as drawing the page."""

    organisation_id: UUID


def table(ctx: Context, product: Product) -> Mapping[str, Any]:
    """What `claims/_of_product.html` needs: what applies to the product, how it stands by it, and
    what it claims beyond that.
    """
    standings = queries.standings(ctx, [product.id]).get(product.id, ())
    applying = queries.applying(ctx, product, standings)
    keys = {one.key for one in applying}
    others = [one for key, one in queries.best(standings).items() if key not in keys]
    rows: list[Row] = [
        (
            one.title,
            one.label,
            one.obligation.label,
            one.standing,
            str(one.version_id),
        )
        for one in applying
    ]
    rows += [(one.title, one.label, "Beyond what applies", one, "") for one in others]
    shown = [row[3] for row in rows if row[3]]
    ends = [one.until for one in shown if one.until and one.until >= ctx.today]
    missing = [one for one in applying if one.missing and one.obligation is Obligation.MANDATORY]
    return {
        "rows": rows,
        "missing": missing,
        "caption": _caption(
            sum(one.obligation is Obligation.MANDATORY for one in applying), len(missing)
        ),
        "reliers": queries.reliers(ctx, [one.claim_id for one in shown]) if shown else {},
        "scale": TimeScale.around([ctx.today, *ends]) if ends else None,
        "today": ctx.today,
        "blank": Unmade(product.organisation_id),
    }


def _caption(mandatory: int, missing: int) -> str:
    if not mandatory:
        return "No mandatory standard applies"
    if not missing:
        return "Every mandatory standard is met or claimed"
    are = "standard is" if missing == 1 else "standards are"
    return f"{missing} mandatory {are} neither met nor claimed"
