"""The sections of a tender's draft and of what each party brings, and how far each is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marketplace.core import drafts
from marketplace.core.drafts import Answers, Section
from marketplace.core.times import in_london
from marketplace.tenders.deciding_forms import Annexing, Sharing
from marketplace.tenders.engaging import Engaging
from marketplace.tenders.forms import (
    Conditioning,
    Dividing,
    Judging,
    Receiving,
    Requiring,
    Scoping,
)
from marketplace.tenders.models import Part, Party, Tender
from marketplace.tenders.scheduling import Scheduling


@dataclass(frozen=True, slots=True)
class Piece(Section):
    """A section, and the part that it belongs to."""

    part: Part


SECTIONS: Mapping[str, Piece] = {
    one.slug: one
    for one in (
        Piece("scope", "Say what you buy", Scoping, Part.SPECIFICATION),
        Piece("requirements", "Say what it has to do", Requiring, Part.SPECIFICATION),
        Piece("lots", "Divide it into lots, or say why not", Dividing, Part.LOTS),
        Piece("criteria", "Say how bids are judged", Judging, Part.CRITERIA),
        Piece("terms", "Give the conditions and the terms", Conditioning, Part.TERMS),
        Piece("submission", "Say how bids are submitted", Receiving, Part.TERMS),
        Piece(
            "market",
            "Say what else the notices ask",
            Engaging,
            Part.TERMS,
        ),
        Piece("dates", "Choose the route and set the dates", Scheduling, Part.TERMS),
    )
}
OWN: Mapping[str, Piece] = {
    one.slug: one
    for one in (
        Piece("share", "Give your authority's share and decision", Sharing, Part.VALUE),
        Piece("annex", "Add what applies to your authority alone", Annexing, Part.ANNEX),
    )
}


def answers(tender: Tender) -> dict[str, Any]:
    """Every answer of a draft: what was typed and, where nothing was, what is known."""
    return drafts.answers(_known(tender), tender.typed)


def of_party(party: Party) -> dict[str, Any]:
    names = {name for piece in OWN.values() for name in piece.form.model_fields}
    return drafts.answers(party.model_dump(include=names), party.typed)


def unsaved(tender: Tender) -> list[Piece]:
    """Sections with right answers that were only saved automatically: no version has them yet."""
    typed = {name.partition("-")[0] for name in tender.typed}
    found = []
    for piece in SECTIONS.values():
        if typed.isdisjoint(piece.form.model_fields):
            continue
        form = piece.judge(answers(tender))
        if form.value is None or any(
            _plain(getattr(tender, name)) != _plain(value)
            for name, value in form.value.columns().items()
        ):
            found.append(piece)
    return found


def _plain(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, list) else value


def _known(tender: Tender) -> dict[str, Any]:
    columns = tender.model_dump()
    return {
        **{
            name: columns[name]
            for piece in SECTIONS.values()
            for name in piece.form.model_fields
            if name in columns
        },
        **_market(tender),
        **_apart("questions", tender.questions_until),
        **_apart("deadline", tender.deadline),
    }


def _market(tender: Tender) -> dict[str, Any]:
    known = dict(tender.market)
    if until := known.get("engaged_until"):
        known["engaged_until"] = date.fromisoformat(until)
    return known


def _apart(name: str, moment: datetime | None) -> dict[str, Any]:
    if moment is None:
        return {}
    local = in_london(moment)
    return {f"{name}_on": local.date(), f"{name}_at": f"{local:%H:%M}"}


def said(answers: Answers) -> dict[str, Any]:
    return {name: value for name, value in answers.items() if value}
