"""What search sees of a standard."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marketplace.reference.areas import Area
from marketplace.standards.models import Kind, Requirement, StandardVersion
from search.port import Document


def document(version: StandardVersion, requirements: Iterable[Requirement]) -> Document:
    """A standard by the version of it that counts: what it is for, and what it asks for."""
    standard = version.standard
    said = (
        version.summary,
        *(one.title for one in requirements),
        standard.key,
        standard.issuer,
        standard.kind.label,
        version.label,
    )
    return Document(
        id=f"standard-{standard.id}",
        kind="standard",
        title=standard.title,
        body="\n".join(filter(None, said)),
        audience=frozenset({"public"}),
        facets=facets(standard.kind, version.rules),
        references=(standard.key,),
        at=version.published_at or version.created_at,
    )


def facets(kind: Kind, rules: Sequence[Mapping[str, Any]]) -> Mapping[str, tuple[str, ...]]:
    """Its kind, how far it binds, and the areas of work that it can apply to: all of them, unless
    every rule names some.
    """
    areas = {str(area) for rule in rules for area in rule.get("areas") or Area}
    binds = {str(rule["obligation"]) for rule in rules}
    return {
        "standard_kind": (kind.value,),
        "obligation": tuple(sorted(binds)),
        "area": tuple(sorted(areas)),
    }
