"""A tender as open data: releases of the Open Contracting Data Standard 1.1.5.

A release never changes: each publication of a tender makes one, from its content as it was
published, and so does its end. The standard has no field for what is bought by whom, so every
authority is a party, and the lead is the one that the process is known by.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.clarifications.models import Clarification
from marketplace.law import Contract, FlexibleStage, Route
from marketplace.ocds import lots
from marketplace.ocds.pieces import Json, filled, located, start, utc
from marketplace.organisations.addresses import Address
from marketplace.organisations.models import Organisation
from marketplace.tenders.models import Part, Publication, Tender, TenderDocument

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
_EXTENSION = "https://raw.githubusercontent.com/{}/extension.json"
EXTENSIONS = [
    *(
        _EXTENSION.format(name)
        for name in (
            "open-contracting-extensions/ocds_lots_extension/v1.1.5",
            "open-contracting-extensions/ocds_enquiry_extension/v1.1.5",
            "open-contracting-extensions/ocds_awardCriteria_extension/master",
            "open-contracting-extensions/ocds_suitability_extension/master",
            "open-contracting-extensions/ocds_techniques_extension/master",
            "cabinetoffice/ocds_uk_extension/main",
        )
    ),
    # For the code of a country, and the options and renewals of a lot.
    "https://standard.open-contracting.org/profiles/eu/latest/en/extension.json",
]
LONDON_REGION = "UKI"  # the international territorial level 1 that is London
METHODS: Mapping[str, str] = {
    Route.OPEN.label: "open",
    Route.FLEXIBLE.label: "selective",
    Route.DYNAMIC_MARKET.label: "selective",
    Route.CALL_OFF.label: "selective",
    Route.BELOW_COMPETED.label: "open",
}
FIND_A_TENDER = "https://www.find-tender.service.gov.uk/Notice/"


@dataclass(frozen=True, slots=True)
class Known:
    """What stands around the content of a tender."""

    tender: Tender
    organisations: Mapping[str, Organisation]  # by id
    documents: Sequence[TenderDocument]  # those that are published
    questions: Sequence[Clarification]  # those that are answered to everybody
    prefix: str  # of the publisher's identifiers
    address: str  # of the marketplace

    @property
    def ocid(self) -> str:
        return f"{self.prefix}-{self.tender.id}"


def package(known: Known, releases: Sequence[Json], at: datetime) -> Json:
    """Releases with who publishes them, under which licence, and what they are extended by."""
    return {
        "uri": f"{known.address}/tenders/{known.tender.id}/release.json",
        "version": "1.1",
        "extensions": EXTENSIONS,
        "publishedDate": utc(at),
        "publisher": {"name": "LOTI Marketplace", "uri": known.address},
        "license": LICENCE,
        "releases": list(releases),
    }


def published(known: Known, publications: Iterable[Publication]) -> list[Json]:
    """A release for every publication, the first one first, and one for the end of the tender.

    Questions are in the last one only: the content of the others was published before them.
    """
    found = []
    in_order = sorted(publications, key=lambda one: one.number)
    for one in in_order:
        tag = "tender" if one.number == 1 else "tenderAmendment"
        release = _release(known, one.content, str(one.number), tag, one.created_at)
        if one.number > 1:
            release["tender"]["amendments"] = [
                {"id": str(one.number), "date": utc(one.created_at), "rationale": one.reason}
            ]
        found.append(release)
    last = in_order[-1]
    if known.questions:
        answered = max(one.published_at for one in known.questions if one.published_at)
        number = f"{last.number}-questions-{len(known.questions)}"
        at = max(answered, last.created_at)
        release = _release(known, last.content, number, "tenderUpdate", at)
        release["tender"]["enquiries"] = [_enquiry(one) for one in known.questions]
        found.append(release)
    return found


def ended(known: Known, last: Publication, at: datetime) -> Json:
    """The release that says why and when a published tender was cancelled."""
    release = _release(known, last.content, "cancelled", "tenderCancellation", at)
    why = {"id": "cancelled", "date": utc(at), "rationale": known.tender.outcome}
    release["tender"] |= {"status": "cancelled", "amendments": [why]}
    return release


def draft(known: Known, said: Mapping[str, Any], notice: str, at: datetime) -> Json:
    """The content of a notice that is still to be published, from a tender as it is prepared."""
    tag, stage = {"UK3": ("planning", "planned"), "UK4": ("tender", "active")}.get(
        notice, ("planning", "planning")
    )
    release = _release(known, said, f"draft-{notice}", tag, at)
    release["tender"]["status"] = stage
    return release


# ---- What a release says


def _release(known: Known, said: Mapping[str, Any], number: str, tag: str, at: datetime) -> Json:
    made = framed(known, said, number, tag, at)
    planning = _planning(said[Part.TERMS])
    return {
        **made,
        **({"planning": planning} if planning else {}),
        "tender": _tender(known, said, made["buyer"]),
    }


def framed(known: Known, said: Mapping[str, Any], number: str, tag: str, at: datetime) -> Json:
    """What every release of this process says, whatever it is about."""
    parties = [_party(known, one) for one in said[Part.VALUE]["parties"]]
    lead = next(one for one in parties if "procuringEntity" in one["roles"])
    return {
        "ocid": known.ocid,
        "id": f"{known.ocid}-{number}",
        "date": utc(at),
        "tag": [tag],
        "initiationType": "tender",
        "language": "en",
        "buyer": {"id": lead["id"], "name": lead["name"]},
        "parties": parties,
    }


def _planning(terms: Mapping[str, Any]) -> Json:
    """How the market was engaged, or why it was not."""
    if because := terms.get("no_engagement_because"):
        return {"noEngagementNoticeRationale": because}
    about = "\n\n".join(filter(None, (terms.get("engagement"), terms.get("events"))))
    if not about:
        return {}
    engaged = {
        "id": "engagement",
        "title": "Preliminary market engagement",
        "type": "engagement",
        "description": about,
        "dueDate": start(terms.get("engaged_until") or ""),
    }
    return {"milestones": [filled(engaged)]}


def _party(known: Known, about: Mapping[str, Any]) -> Json:
    found = identified(known.organisations[about["id"]])
    return {
        "id": found["id"],
        "name": about["name"],
        "identifier": {**found["identifier"], "legalName": about["name"]},
        "address": located(Address.of(about.get("address", {})), LONDON_REGION),
        "roles": ["buyer", "procuringEntity", "leadBuyer"] if about["lead"] else ["buyer"],
    }


def identified(organisation: Organisation) -> Json:
    """The best identifier that is known of an organisation, and its id made of it."""
    if organisation.ppon:
        identifier = {"scheme": "GB-PPON", "id": organisation.ppon}
    elif organisation.companies_house_number:
        identifier = {"scheme": "GB-COH", "id": organisation.companies_house_number}
    elif organisation.org_id:
        scheme, _, id = organisation.org_id.rpartition("-")
        identifier = {"scheme": scheme, "id": id}
    else:
        identifier = {"scheme": "XI-LOTI", "id": organisation.slug}
    return {
        "id": f"{identifier['scheme']}-{identifier['id']}",
        "identifier": {**identifier, "legalName": organisation.name},
    }


def _tender(known: Known, said: Mapping[str, Any], lead: Json) -> Json:
    scope, terms = said[Part.SPECIFICATION], said[Part.TERMS]
    contract = terms["contract"]
    started = utc(known.tender.published_at) if known.tender.published_at else None
    if started is None and terms["publish_on"]:
        started = start(terms["publish_on"])
    return filled(
        {
            "id": known.tender.reference,
            "title": scope["title"],
            "description": "\n\n".join(filter(None, (scope["summary"], scope["scope"]))),
            "status": "active",
            "procuringEntity": lead,
            "procurementMethod": METHODS.get(terms["route"]),
            "procurementMethodDetails": terms["route"],
            "mainProcurementCategory": "works" if contract == Contract.WORKS.label else "services",
            "value": lots.whole(said),
            "tenderPeriod": _period(started, terms["deadline"]),
            "enquiryPeriod": _period(started, terms["questions_until"]),
            "hasEnquiries": bool(known.questions),
            "contractPeriod": lots.period(terms),
            "milestones": _stages(terms),
            "expressionOfInterestDeadline": _interest(terms),
            "awardPeriod": filled({"endDate": start(terms.get("award_on", ""))}),
            "riskDetails": terms.get("risks"),
            "techniques": {"hasElectronicAuction": bool(terms.get("auction"))},
            "eligibilityCriteria": terms["conditions"],
            "submissionMethodDetails": terms["submission"],
            "awardCriteriaDetails": said[Part.CRITERIA]["scoring"],
            "lots": lots.listed(said),
            "lotDetails": filled(
                {
                    "noLotsDivisionRationale": said[Part.LOTS]["no_lots_because"],
                    "maximumLotsAwardedPerSupplier": said[Part.LOTS]["most_lots"],
                }
            ),
            "items": lots.items(said),
            "documents": [*_documents(known, terms), *_notices(known.tender)],
        }
    )


def _stages(terms: Mapping[str, Any]) -> list[Json]:
    """The stages of a competitive flexible procedure, each due when it ends."""
    return [
        {
            "id": one["id"],
            "title": one["title"],
            "type": "assessment",
            "code": one["kind"],
            "description": one["asks"],
            "dueDate": utc(datetime.fromisoformat(one["closes_at"])),
        }
        for one in terms.get("rounds", ())
    ]


def _interest(terms: Mapping[str, Any]) -> str:
    """Until when suppliers can ask to take part, where that is a stage."""
    asking = [
        one for one in terms.get("rounds", ()) if one["kind"] == FlexibleStage.PARTICIPATION.label
    ]
    return utc(datetime.fromisoformat(asking[0]["closes_at"])) if asking else ""


def _documents(known: Known, terms: Mapping[str, Any]) -> list[Json]:
    named = {one["id"] for one in terms["documents"]}
    return [
        {
            "id": str(one.id),
            "documentType": "biddingDocuments",
            "title": one.name,
            "url": f"{known.address}/tenders/{known.tender.id}/files/{one.id}",
            "datePublished": utc(one.published_at),
            "format": one.media_type,
        }
        for one in known.documents
        if str(one.id) in named and one.published_at
    ]


def _notices(tender: Tender) -> list[Json]:
    """The notices of this process on Find a Tender, as far as their numbers were recorded."""
    return [
        {
            "id": code,
            "documentType": "tenderNotice" if code == "UK4" else "plannedProcurementNotice",
            "noticeType": code,
            "title": f"{code} on Find a Tender",
            "url": f"{FIND_A_TENDER}{one['number']}",
            "datePublished": start(one["on"]),
        }
        for code, one in sorted(tender.notices.items())
    ]


def _enquiry(one: Clarification) -> Json:
    """A question and its answer. Who asked is in nothing that this is made from."""
    return filled(
        {
            "id": str(one.id),
            "date": utc(one.published_at) if one.published_at else None,
            "description": one.wording,
            "answer": one.answer,
            "dateAnswered": utc(one.published_at) if one.published_at else None,
            "relatedLot": str(one.lot_id) if one.lot_id else None,
        }
    )


def _period(start: str | None, end: str) -> Json:
    ends = utc(datetime.fromisoformat(end)) if end else ""
    return filled({"startDate": start, "endDate": ends})
