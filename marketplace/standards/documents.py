"""What search sees of a standard."""

from collections.abc import Iterable

from marketplace.reference.areas import Area
from marketplace.standards.models import Obligation, Requirement, StandardVersion
from search.port import Document


def document(version: StandardVersion, requirements: Iterable[Requirement]) -> Document:
    """A standard by the version of it that counts: what it is for, and what it asks for."""
    standard = version.standard
    said = (
        standard.key,
        standard.issuer,
        standard.kind.label,
        version.label,
        version.summary,
        *(one.title for one in requirements),
    )
    return Document(
        id=f"standard-{standard.id}",
        kind="standard",
        title=standard.title,
        body="\n".join(filter(None, said)),
        audience=frozenset({"public"}),
        facets={
            "kind": (standard.kind.value,),
            "stage": (version.stage.value,),
            "obligation": tuple(
                one
                for one in Obligation
                if any(rule["obligation"] == one for rule in version.rules)
            ),
            "area": tuple(_areas(version)),
        },
        at=version.published_at or version.created_at,
    )


def _areas(version: StandardVersion) -> list[str]:
    """The areas of work that it can apply to: all of them, unless every rule names some."""
    named = [set(rule.get("areas") or Area) for rule in version.rules]
    return sorted({str(area) for areas in named for area in areas})
