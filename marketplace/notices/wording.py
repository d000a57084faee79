"""What the codes of the Open Contracting standard mean, in words for a page."""

from collections.abc import Iterable, Mapping

TAGS: Mapping[str, str] = {
    "planning": "Planned procurement",
    "planningUpdate": "Change to a planned procurement",
    "marketEngagement": "Market engagement",
    "tender": "Tender",
    "tenderAmendment": "Change to a tender",
    "tenderUpdate": "Change to a tender",
    "tenderCancellation": "Tender cancelled",
    "award": "Award",
    "awardUpdate": "Change to an award",
    "awardCancellation": "Award cancelled",
    "contract": "Contract",
    "contractUpdate": "Change to a contract",
    "contractAmendment": "Change to a contract",
    "contractTermination": "Contract ended",
    "implementation": "Contract being carried out",
    "implementationUpdate": "Contract being carried out",
    "compiled": "All stages together",
}
STATUSES: Mapping[str, str] = {
    "planning": "Being planned",
    "planned": "Planned",
    "active": "Open for bids",
    "cancelled": "Cancelled",
    "unsuccessful": "Ended without a contract",
    "complete": "Complete",
    "withdrawn": "Withdrawn",
}
METHODS: Mapping[str, str] = {
    "open": "Open to everybody",
    "selective": "Selected suppliers may bid",
    "limited": "Invited suppliers only",
    "direct": "Direct award",
}
VAT: Mapping[bool | None, str] = {
    True: "VAT included",
    False: "VAT excluded",
    None: "the notice does not say whether VAT is included",
}


def stages(tags: Iterable[str]) -> list[str]:
    """What a release is about; a tag that the standard does not know stands as it is."""
    return list(dict.fromkeys(TAGS.get(tag, tag) for tag in tags))
