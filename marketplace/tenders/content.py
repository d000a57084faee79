"""What each part of a tender says, as data: to keep it, and to read it.

The content of a part is made from the rows once it is saved and never from a page, so what was
approved is what is published.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from marketplace.core.money import pounds
from marketplace.core.times import day, when
from marketplace.law.points import FORMULAS, SCALE, PriceFormula, TieRule
from marketplace.reference import cpv
from marketplace.reference.areas import Area
from marketplace.reference.specialists import Specialist
from marketplace.tenders import rounds
from marketplace.tenders.engaging import Suits, Treaty
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import (
    Criterion,
    Demand,
    Part,
    Party,
    PartyStage,
    Tender,
    TenderDocument,
)

Content = Mapping[str, Any]
SHARED = tuple(part for part in Part if part is not Part.ANNEX)


def specification(tender: Tender, demands: Iterable[Demand]) -> Content:
    plain = ("title", "summary", "scope", "functional", "technical", "cpv")
    return {
        **{name: getattr(tender, name) for name in plain},
        "area": str(tender.area or ""),
        "standards": [
            {
                "id": str(one.version_id),
                "name": ", ".join(filter(None, (one.version.standard.title, one.version.label))),
                "obligation": one.obligation.label,
                "included": one.included,
                "because": one.because,
                "clause": one.clause,
            }
            for one in demands
        ],
    }


def lots(tender: Tender, lots: Iterable[Lot], parties: Iterable[Party]) -> Content:
    names = {str(one.organisation_id): one.organisation.called for one in parties}
    return {
        "no_lots_because": tender.no_lots_because,
        "most_lots": tender.most_lots,
        "lots": [
            {
                "id": str(lot.id),
                "title": lot.title,
                "description": lot.description,
                "authorities": {id: names[id] for id in sorted(lot.authorities) if id in names},
                **_worth(lot),
                **end(lot),
            }
            for lot in lots
        ],
    }


def _worth(lot: Lot) -> Content:
    """What a lot is estimated at, with VAT and without; nothing until it is."""
    if lot.value is None:
        return {}
    return {"value": f"{lot.value:.2f}", "net": f"{lot.net:.2f}"}


def worth(about: Content) -> str:
    """The estimated value of a lot as people read it; empty where it has none."""
    if "value" not in about:
        return ""
    net, gross = pounds(Decimal(about["net"])), pounds(Decimal(about["value"]))
    return f"{net} without VAT, {gross} with VAT"


def end(lot: Lot) -> Content:
    """What a lot says once it has ended; nothing before."""
    return {"ended": {"at": _iso(lot.ended_at), "because": lot.because}} if lot.ended else {}


def criteria(tender: Tender, criteria: Iterable[Criterion], parties: Iterable[Party]) -> Content:
    plain = ("title", "question", "guidance", "words", "minimum")
    names = {one.organisation_id: one.organisation.called for one in parties}
    return {
        "price_model": tender.price_model,
        **({"day_roles": [str(one) for one in tender.day_roles]} if tender.day_roles else {}),
        "price_formula": str(tender.price_formula),
        "prices_sealed": tender.prices_sealed,
        "ties": str(tender.ties),
        "scoring": tender.scoring,
        "scale": list(tender.scale or SCALE),
        "criteria": [
            {
                "id": str(one.id),
                "kind": one.kind.label,
                "weight": weight(one.weight),
                "local_to": {"id": str(one.organisation_id), "name": names[one.organisation_id]}
                if one.organisation_id in names
                else None,
                **{name: getattr(one, name) for name in plain},
            }
            for one in criteria
        ],
    }


def terms(tender: Tender, documents: Iterable[TenderDocument]) -> Content:
    plain = ("conditions", "terms", "submission", "contact", "extensions", "options", "urgent")
    moments = ("questions_until", "deadline")
    days = ("planned_notice_on", "publish_on", "award_on", "starts_on", "ends_on")
    return {
        **{name: getattr(tender, name) for name in plain},
        **{name: _iso(getattr(tender, name)) for name in (*moments, *days)},
        **tender.market,
        "route": tender.route.label if tender.route else "",
        "contract": tender.contract.label if tender.contract else "",
        **_rounds(tender),
        "documents": [
            {"id": str(one.id), "name": one.name, "sha256": one.sha256} for one in documents
        ],
    }


def _rounds(tender: Tender) -> Content:
    found = [{**one.kept(), "kind": one.kind.label} for one in rounds.drafted(tender)]
    return {"rounds": found} if found else {}


def value(tender: Tender, parties: Iterable[Party]) -> Content:
    inside = [one for one in parties if one.stage is PartyStage.ACCEPTED]
    total = sum((one.value or Decimal(0) for one in inside), Decimal(0))
    return {
        "total": str(total),
        "parties": [
            {
                "id": str(one.organisation_id),
                "name": one.organisation.name,
                "lead": one.organisation_id == tender.organisation_id,
                "volume": one.volume,
                "unit": one.unit,
                "value": None if one.value is None else str(one.value),
            }
            for one in inside
        ],
    }


def annex(party: Party) -> Content:
    names = ("contract_route", "own_requirements", "own_terms", "own_criteria")
    return {name: getattr(party, name) for name in names}


def weight(of: Decimal) -> str:
    """Such as "30" or "12.5"."""
    return format(of, "f").rstrip("0").rstrip(".") if of % 1 else format(of, ".0f")


def _iso(moment: date | datetime | None) -> str:
    return moment.isoformat() if moment else ""


# ---- Whom it concerns


def concerning(part: Part, content: Content, organisation_id: UUID, *, leads: bool) -> Content:
    """As much of a part as concerns one party: the lots that serve it, its own share. The lead
    answers for the whole.
    """
    own = str(organisation_id)
    if leads:
        return content
    if part is Part.LOTS:
        served = [one for one in content["lots"] if own in one["authorities"]]
        return {**content, "lots": served}
    if part is Part.VALUE:
        return {"parties": [one for one in content["parties"] if one["id"] == own]}
    return content


def digest(content: Content) -> str:
    """The fingerprint of a content: two are equal when all of it is."""
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


# ---- To read it


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a part; `key` is the same in every version."""

    key: str
    label: str
    text: str
    group: str = ""  # what it is read with; where there are several, they are in alphabetical order

    @property
    def said(self) -> str:
        """All of it, to compare it with another version."""
        return f"{self.group}: {self.text}" if self.group else self.text


_LABELS = {
    "title": "What is bought",
    "summary": "Summary",
    "scope": "Scope",
    "functional": "What it has to do",
    "technical": "Technical requirements",
    "area": "Area of work",
    "cpv": "CPV codes",
    "no_lots_because": "Why there are no lots",
    "most_lots": "The most lots that one supplier can win",
    "price_model": "How suppliers give their price",
    "day_roles": "Roles whose day is priced",
    "price_formula": "How prices become points",
    "prices_sealed": "Prices stay sealed to the panel until it has agreed on quality",
    "ties": "What decides when points are equal",
    "scoring": "How answers are scored",
    "scale": "What each score means",
    "conditions": "Conditions of participation",
    "terms": "Terms",
    "submission": "How bids are submitted",
    "contact": "Contact",
    "route": "Route",
    "contract": "Sort of contract",
    "urgent": "A state of urgency shortens the period",
    "planned_notice_on": "Planned procurement notice",
    "publish_on": "To be published on",
    "questions_until": "Questions until",
    "deadline": "Deadline for bids",
    "award_on": "Award expected on",
    "starts_on": "Contract starts",
    "ends_on": "Contract ends, without extensions",
    "extensions": "Extensions",
    "options": "Options",
    "engagement": "How the market is engaged",
    "events": "Events for suppliers",
    "engaged_until": "Engagement until",
    "no_engagement_because": "Why the market is not engaged before",
    "suits": "Suits in particular",
    "risks": "Known risks",
    "renewal": "Expected to be bought again",
    "payment": "Terms of payment besides those of the Act",
    "auction": "Electronic auction",
    "treaties": "International agreements that cover it",
    "total": "Estimated value of all authorities, VAT included",
    "contract_route": "How it contracts",
    "own_requirements": "Its own requirements",
    "own_terms": "Its own terms",
    "own_criteria": "What it judges besides",
}


def rows(content: Content) -> list[Row]:
    """A part as people read it, line by line; what is empty is left out."""
    found = []
    for name, label in _LABELS.items():
        if name in content and (text := _text(name, content[name])):
            found.append(Row(name, label, text))
    for about in content.get("standards", ()):
        found.append(_standard(about))
    for number, about in enumerate(content.get("lots", ()), 1):
        found.append(Row(about["id"], f"Lot {number}", _lot(about)))
    for number, about in enumerate(content.get("criteria", ()), 1):
        found.append(Row(about["id"], f"Criterion {number}", _criterion(about)))
    for about in content.get("parties", ()):
        known = "value" in about  # nobody but its authorities knows what each of them could pay
        label = f"Share of {about['name']}" if known else about["name"]
        found.append(Row(about["id"], label, _share(about) if known else _joins(about)))
    for number, about in enumerate(content.get("rounds", ()), 1):
        found.append(Row(about["id"], f"Stage {number}", stage(about)))
    for about in content.get("documents", ()):
        found.append(Row(about["id"], "Document", about["name"]))
    return found


def _text(name: str, given: Any) -> str:
    if name == "cpv":
        return "\n".join(f"{code} {cpv.label(code)}" for code in given)
    if name == "area":
        return Area(given).label if given else ""
    if name == "price_formula":
        formula = PriceFormula(given)
        return f"{formula.label}. {FORMULAS[formula].says}"
    if name == "day_roles":
        return "\n".join(f"* {Specialist(one).label}" for one in given)
    if name == "ties":
        return f"{TieRule(given).label}."
    if name == "scale":
        return "\n".join(f"* {line}" for line in given)
    if name == "total":
        return pounds(Decimal(given)) if Decimal(given) else ""
    if name in ("questions_until", "deadline"):
        return when(datetime.fromisoformat(given)) if given else ""
    if name in ("suits", "treaties"):
        return "\n".join((Suits if name == "suits" else Treaty)(one).label for one in given)
    if name.endswith("_on") or name == "engaged_until":
        return day(date.fromisoformat(given)) if given else ""
    if isinstance(given, bool):
        return "Yes" if given else ""
    return "" if given is None else str(given)


def _standard(about: Content) -> Row:
    kind = about["obligation"]
    if about["included"]:
        return Row(about["id"], about["name"], about["clause"], f"{kind} standards")
    why = f"{kind}, and left out: {about['because'] or 'no reason was given.'}"
    return Row(about["id"], about["name"], why, "Standards that are left out")


def stage(about: Content) -> str:
    """A stage of the procedure as people read it."""
    span = (when(datetime.fromisoformat(about[name])) for name in ("opens_at", "closes_at"))
    called = rounds.named(about["title"], about["kind"])
    most = f"At most {about['most']} go on from it" if "most" in about else ""
    said = (called, "From {} to {}".format(*span), _agreed(about), most, about["asks"])
    return "\n".join(filter(None, said))


def _agreed(about: Content) -> str:
    if "agreed_on" not in about:
        return ""
    on = day(date.fromisoformat(about["agreed_on"]))
    return (
        f"Every supplier selected beforehand agreed to this time on {on}, so the law sets no "
        f"minimum for it (section 54(4) of the Procurement Act 2023). {about['agreed_how']}"
    )


def _lot(about: Content) -> str:
    serves = ", ".join(sorted(about["authorities"].values()))
    over = about.get("ended")
    said = (
        about["title"],
        f"Ended on {when(datetime.fromisoformat(over['at']))}: {over['because']}" if over else "",
        about["description"],
        f"Serves: {serves or 'no authority'}",
        f"Estimated value: {worth(about)}" if "value" in about else "",
    )
    return "\n".join(filter(None, said))


def _criterion(about: Content) -> str:
    words = f"At most {about['words']:,} words" if about["words"] else ""
    least = f"At least {about['minimum']} of 10 to win" if about["minimum"] else ""
    whose = f", for the part of {of['name']} alone" if (of := about.get("local_to")) else ""
    said = (
        f"{about['title']} ({about['kind'].lower()}): {about['weight']}%{whose}",
        about["question"],
        about["guidance"],
        ". ".join(filter(None, (words, least))),
    )
    return "\n".join(filter(None, said))


def _share(about: Content) -> str:
    money = pounds(Decimal(about["value"])) + ", VAT included" if about["value"] else "Not given"
    return "; ".join(filter(None, (money, _size(about))))


def _joins(about: Content) -> str:
    return "; ".join(filter(None, ("Takes part", _size(about))))


def _size(about: Content) -> str:
    return f"{about['volume']:,} {about['unit']}" if about["volume"] else ""
