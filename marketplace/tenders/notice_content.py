"""What goes into the notices UK2, UK3 and UK4, from what the tender says: to be entered on Find a
Tender by people. The marketplace publishes no notice.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from marketplace.core.money import pounds
from marketplace.core.times import day, when
from marketplace.law import Contract, Notice
from marketplace.law.points import FORMULAS, PriceFormula
from marketplace.organisations.models import Organisation
from marketplace.reference import cpv
from marketplace.tenders import readiness, rounds
from marketplace.tenders.content import Content, stage, weight, worth
from marketplace.tenders.deciding_forms import Cited
from marketplace.tenders.engaging import Suits, Treaty
from marketplace.tenders.models import Part
from marketplace.tenders.readiness import Work
from marketplace.tenders.scheduling import circumstances_of

Lines = list[tuple[str, str]]  # what is asked, and the answer
SPECIAL = {
    one.label
    for one in (Contract.LIGHT_TOUCH, Contract.CONCESSION, Contract.LIGHT_TOUCH_CONCESSION)
}
ORDER: tuple[Cited, ...] = ("UK2", "UK3", "UK4")


def title(code: Cited) -> str:
    return Notice(code).label


def lines(code: Cited, work: Work, ocid: str) -> Lines:
    scope, terms = work.content(Part.SPECIFICATION), work.content(Part.TERMS)
    common = [
        *_authorities(work, terms),
        *_subject(work, scope, terms, ocid),
        *_divided(work, scope, terms),
    ]
    match code:
        case "UK2":
            return [*common, *_engagement(terms)]
        case "UK3":
            return [*common, *_planned(terms)]
    return [*common, *_tender(work, terms)]


def _authorities(work: Work, terms: Content) -> Lines:
    lead, *others = work.taking_part
    return [
        ("Lead authority", authority(lead.organisation)),
        ("Other authorities", "\n".join(authority(one.organisation) for one in others)),
        ("Contact for enquiries", _said(terms, "contact")),
    ]


def authority(one: Organisation) -> str:
    """A contracting authority as every notice names it: regulation 13."""
    number, address = one.ppon or "no identifier (PPON) yet", str(one.address)
    return f"{one.name}, {number}, {address or 'no postal address yet'}"


def _subject(work: Work, scope: Content, terms: Content, ocid: str) -> Lines:
    about = filter(None, (_said(scope, "summary"), _said(scope, "scope")))
    codes = "\n".join(f"{code} {cpv.label(code)}" for code in scope.get("cpv", ()))
    return [
        ("Title", _said(scope, "title")),
        ("Our identifier in open data", ocid),
        ("Description", "\n\n".join(about)),
        ("Sort of contract", _said(terms, "contract")),
        ("CPV codes", codes),
        ("Place", "London (UKI)"),
        (
            "Estimated value of all authorities, VAT included",
            pounds(work.total) if work.total else "",
        ),
        ("The same without VAT", _net(work)),
        ("Contract starts", _day(terms, "starts_on")),
        ("Contract ends, without extensions", _day(terms, "ends_on")),
        ("Extensions", _said(terms, "extensions")),
        ("Options", _said(terms, "options")),
    ]


def _net(work: Work) -> str:
    """The whole without VAT, where lots say it of all its pieces."""
    lots = work.content(Part.LOTS).get("lots", ())
    if not lots or any("value" not in one for one in lots):
        return "Each lot says it." if lots else "Work it out by the rate of VAT on what is bought."
    if sum(Decimal(one["value"]) for one in lots) != work.total:
        return "The lots do not come to it."
    return pounds(sum((Decimal(one["net"]) for one in lots), Decimal(0)))


def _divided(work: Work, scope: Content, terms: Content) -> Lines:
    """Each lot, with all that Find a Tender asks of it. What the tender says of all its lots is
    said of each.
    """
    said = work.content(Part.LOTS)
    lots = [one for one in said.get("lots", ()) if "ended" not in one]
    return [
        *(
            (f"Lot {number}: {one['title']}", "\n".join(_lot(one, scope, terms)))
            for number, one in enumerate(lots, 1)
        ),
        ("Why there are no lots", _said(said, "no_lots_because")),
        ("The most lots that one supplier can win", _said(said, "most_lots")),
    ]


def _lot(one: Mapping[str, Any], scope: Content, terms: Content) -> list[str]:
    starts, ends = _day(terms, "starts_on"), _day(terms, "ends_on")
    about = {
        "Estimated value": worth(one) or "not given yet",
        "Authorities": ", ".join(sorted(one["authorities"].values())),
        "CPV codes": ", ".join(scope.get("cpv", ())),
        "Contract": f"{starts} to {ends}" if starts and ends else "",
        "Extensions": _said(terms, "extensions"),
        "Options": _said(terms, "options"),
        "Suits in particular": ", ".join(Suits(each).label for each in terms.get("suits", ())),
    }
    lines = (f"{asked}: {answer}" for asked, answer in about.items() if answer)
    return [*one["description"].splitlines(), *lines]


def _engagement(terms: Content) -> Lines:
    return [
        ("How the market is engaged", _said(terms, "engagement")),
        ("Events", _said(terms, "events")),
        ("Engagement until", _day(terms, "engaged_until")),
    ]


def _planned(terms: Content) -> Lines:
    return [
        ("Procedure", _said(terms, "route")),
        ("Tender notice expected on", _day(terms, "publish_on")),
        ("How to express interest", _said(terms, "contact")),
    ]


def _tender(work: Work, terms: Content) -> Lines:
    judged, scope = work.content(Part.CRITERIA), work.content(Part.SPECIFICATION)
    return [
        ("Procedure", _said(terms, "route")),
        ("Stages", "\n".join(stage(one) for one in terms.get("rounds", ()))),
        ("Questions until", _when(terms, "questions_until")),
        ("Deadline for tenders", _when(terms, "deadline")),
        ("Tendering period", _period(work)),
        ("How tenders are submitted", _said(terms, "submission")),
        ("Languages", "English"),
        ("Technical specifications", _said(scope, "technical")),
        ("Conditions of participation", _said(terms, "conditions")),
        ("Award criteria", "\n".join(map(_criterion, judged.get("criteria", ())))),
        ("How answers are scored", _said(judged, "scoring")),
        ("How prices become points", _formula(judged)),
        ("Documents", "\n".join(one["name"] for one in terms.get("documents", ()))),
        (
            "Payment",
            "\n".join(
                filter(None, ("Within 30 days: section 68 implies it.", _said(terms, "payment")))
            ),
        ),
        ("Award expected on", _day(terms, "award_on")),
        ("Suits in particular", "\n".join(Suits(one).label for one in terms.get("suits", ()))),
        ("Known risks", _said(terms, "risks")),
        ("Expected to be bought again", _said(terms, "renewal")),
        ("Electronic auction", "Yes" if terms.get("auction") else "No"),
        (
            "International agreements",
            "\n".join(Treaty(one).label for one in terms.get("treaties", ())),
        ),
        ("Special regime", _regime(terms)),
        ("Engagement of the market before", _engaged(terms)),
        ("Conflicts assessment (section 83)", _conflicts(work)),
    ]


def _period(work: Work) -> str:
    """The shortest time for tenders: of the last stage, where the procedure has stages."""
    law, found = readiness.assessed(work), rounds.drafted(work.tender)
    period = law.tendering if law else None
    if found:
        period = rounds.least(found[-1], found[:-1], circumstances_of(work.tender))
    return f"{period.rule.says} ({period.rule.sources[0]})" if period else ""


def _regime(terms: Content) -> str:
    """What the sort of contract makes of it."""
    sort = _said(terms, "contract")
    return sort if sort in SPECIAL else "None"


def _engaged(terms: Content) -> str:
    if because := _said(terms, "no_engagement_because"):
        return f"No preliminary market engagement notice: {because}"
    return _said(terms, "engagement")


def _conflicts(work: Work) -> str:
    """The notice confirms that it was prepared and revised."""
    found = [check for item, _, check in readiness.duties(work) if item.key == "conflicts"]
    if not found:
        return ""
    if all(found):
        return "Prepared, as the checklist records. The notice confirms it."
    return "Not recorded in the checklist yet."


def _criterion(one: Mapping[str, Any]) -> str:
    return f"{one['title']} ({one['kind'].lower()}): {weight(Decimal(one['weight']))}%"


def _formula(judged: Content) -> str:
    given = judged.get("price_formula")
    return FORMULAS[PriceFormula(given)].says if given else ""


def _said(content: Content, name: str) -> str:
    given = content.get(name)
    return "" if given is None else str(given)


def _day(content: Content, name: str) -> str:
    return day(date.fromisoformat(content[name])) if content.get(name) else ""


def _when(content: Content, name: str) -> str:
    return when(datetime.fromisoformat(content[name])) if content.get(name) else ""
