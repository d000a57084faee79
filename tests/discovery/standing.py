"""Standards and claims for the tests of matching and comparing."""

from datetime import timedelta

from marketplace.claims.models import Claim
from marketplace.claims.models import Stage as ClaimStage
from marketplace.core.times import now
from marketplace.standards.models import Kind, Stage, Standard, StandardVersion


def standard(make, key, title, *rules):
    """A published standard."""
    named = make(Standard(key=key, title=title, issuer="Somebody", kind=Kind.TECHNICAL))
    return make(
        StandardVersion(
            standard_id=named.id,
            label="2",
            stage=Stage.PUBLISHED,
            rules=list(rules),
            published_at=now() - timedelta(days=100),
        )
    )


def claim(make, product, version, stage=ClaimStage.MET):
    return make(
        Claim(
            version_id=version.id,
            product_id=product.id,
            organisation_id=product.organisation_id,
            stage=stage,
            decided_at=now() if stage is not ClaimStage.DECLARED else None,
        )
    )


WHEN_RESIDENTS = {"obligation": "mandatory", "all_of": ["resident-facing"]}
