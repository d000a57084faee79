"""What an authority had before it when it relied on an assessment: written once, kept for ever.

It holds no names of people, and of evidence that only assessors may see no more than that it was
there, with the fingerprint of its file.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from marketplace.claims.models import Assessment, Claim, Evidence, Visibility
from marketplace.claims.parts_queries import Point

Snapshot = Mapping[str, Any]


def _day(value: date | datetime | None) -> str:
    return value.isoformat() if value else ""


def taken(
    claim: Claim,
    assessment: Assessment,
    points: Sequence[Point],
    evidence: Iterable[Evidence],
    hidden: Iterable[Evidence],
) -> dict[str, Any]:
    """Everything as the authority may see it now; `hidden` is what only assessors may."""
    version, standard = claim.version, claim.version.standard
    return {
        "standard": {
            "key": standard.key,
            "title": standard.title,
            "issuer": standard.issuer,
            "version": version.label,
            "number": version.number,
            "issued_on": _day(version.issued_on),
        },
        "claim": {
            "subject": claim.subject,
            "supplier": claim.organisation.name,
            "scope": claim.scope,
            "submitted_at": _day(claim.submitted_at),
            "ends_on": _day(claim.ends_on),
        },
        "assessment": {
            "id": str(assessment.id),
            "outcome": assessment.outcome.label,
            "decided_at": _day(assessment.created_at),
            "feedback": assessment.feedback,
        },
        "points": [_point(one) for one in points],
        "evidence": [_shown(one) for one in evidence],
        "hidden": [{"sha256": one.sha256} for one in hidden],
    }


def _point(point: Point) -> dict[str, Any]:
    mark, asked = point.mark, point.requirement
    return {
        "code": asked.code,
        "title": asked.title,
        "essential": asked.essential,
        "answer": point.answer.text if point.answer else "",
        "verdict": mark.verdict.label if mark else "",
        "reason": mark.reason.label if mark and mark.reason else "",
        "feedback": mark.feedback if mark else "",
    }


def _shown(piece: Evidence) -> dict[str, Any]:
    return {
        "id": str(piece.id),
        "called": piece.called,
        "issuer": piece.issuer,
        "holder": piece.holder,
        "holder_because": piece.holder_because,
        "issued_on": _day(piece.issued_on),
        "expires_on": _day(piece.expires_on),
        "link": piece.link,
        "seen_on": _day(piece.seen_on),
        "seen": piece.seen,
        "file": piece.name,
        "size": piece.size,
        "sha256": piece.sha256,
    }


def visible_and_hidden(
    evidence: Iterable[Evidence],
) -> tuple[list[Evidence], list[Evidence]]:
    """Of all there is, what authorities may see, and what only assessors may."""
    every = list(evidence)
    return (
        [one for one in every if one.visibility != Visibility.ASSESSORS],
        [one for one in every if one.visibility == Visibility.ASSESSORS],
    )
