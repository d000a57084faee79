"""Rows about standards and claims for a test, with only the parts that the test cares about."""

from typing import Any
from uuid import uuid4

from auth.actor import Actor, Role
from marketplace.catalogue.models import Product
from marketplace.claims.models import DECIDED, Assessment, Claim, Evidence, Stage, Visibility
from marketplace.core.times import now
from marketplace.organisations.models import Organisation
from marketplace.standards.models import (
    EvidenceKind,
    Kind,
    Requirement,
    Standard,
    StandardVersion,
)
from marketplace.standards.models import Stage as VersionStage
from tests.make import Make


def assessor(make: Make) -> Actor:
    return make.actor(make.loti(), Role.ASSESSOR)


def version(
    make: Make, *points: str, stage: VersionStage = VersionStage.PUBLISHED, **more: Any
) -> StandardVersion:
    """A published version, mandatory everywhere, with these essential points."""
    standard = more.pop("standard", None) or make(
        Standard(
            key=more.pop("key", f"STD-{uuid4().hex[:6]}"),
            title=more.pop("title", "Cyber Essentials"),
            issuer="NCSC",
            kind=Kind.CERTIFICATE,
        )
    )
    about: dict[str, Any] = {
        "label": "2025",
        "rules": [{"obligation": "mandatory"}],
        "evidence": [EvidenceKind.CERTIFICATE],
        "published_at": now(),
    }
    made = make(StandardVersion(standard_id=standard.id, stage=stage, **(about | more)))
    for position, title in enumerate(points, start=1):
        make(Requirement(version_id=made.id, position=position, title=title))
    return made


def claim(
    make: Make,
    of: StandardVersion,
    by: Organisation,
    product: Product | None = None,
    stage: Stage = Stage.DECLARED,
    **more: Any,
) -> Claim:
    """A claim for a product or, without one, for all that its supplier does."""
    if stage in DECIDED:
        more.setdefault("decided_at", now())
    made = make(
        Claim(
            version_id=of.id,
            organisation_id=by.id,
            product_id=product.id if product else None,
            stage=stage,
            **more,
        )
    )
    if stage in DECIDED:
        found = Stage.MET if stage is Stage.REVOKED else stage
        who = {"assessor_id": uuid4(), "assessor_name": "Nadia Rahman"}
        make(Assessment(claim_id=made.id, outcome=found, **who))
    return made


def evidence(make: Make, of: Claim, visibility: Visibility, **more: Any) -> Evidence:
    about: dict[str, Any] = {
        "kind": EvidenceKind.CERTIFICATE,
        "number": "CE-4711",
        "issuer": "Fenwick Certification",
        "holder": "Brightwater Systems",
        "link": "https://certificates.example/4711",
    }
    return make(Evidence(claim_id=of.id, visibility=visibility, **(about | more)))
