"""What search sees of a challenge."""

from marketplace.challenges.models import Challenge, Stage
from marketplace.core.times import end_of
from marketplace.reference import cpv
from search.port import Document


def document(challenge: Challenge) -> Document | None:
    """The challenge for the index, for those who may find it; a draft is nobody's to find."""
    if challenge.stage == Stage.DRAFT:
        return None
    return Document(
        id=f"challenge-{challenge.id}",
        kind="challenge",
        title=challenge.called,
        body=f"{needs_text(challenge)}\n{challenge.organisation.name}\n{challenge.outcome}".strip(),
        audience=_audience(challenge),
        at=challenge.published_at or challenge.submitted_at or challenge.created_at,
        facets={
            "stage": (str(challenge.stage),),
            "authority": (challenge.organisation.slug,),
            "area": (str(challenge.area),) if challenge.area else (),
            "band": (str(challenge.band),) if challenge.band else (),
            "cpv": cpv.with_broader(challenge.cpv),
        },
        numbers={"closes": end_of(challenge.closes_on)} if challenge.closes_on else {},
    )


def needs_text(challenge: Challenge) -> str:
    """The need in words, for comparing it with offerings."""
    about = (
        challenge.title,
        challenge.need,
        challenge.affected,
        challenge.outcomes,
        challenge.today,
        challenge.constraints,
        *challenge.systems,
        challenge.area.label if challenge.area else "",
        *(cpv.label(code) for code in challenge.cpv),
    )
    return "\n".join(text for text in about if text)


def _audience(challenge: Challenge) -> frozenset[str]:
    if challenge.published_at:
        return frozenset({"public"})
    return frozenset({f"organisation-{challenge.organisation_id}", "loti"})
