"""Releases to read in tests: one that is whole, and ways to make files of it."""

import copy
import json
from io import BytesIO
from typing import Any

from marketplace.notices.reading import Reader, Refused, Taken

OCID = "ocds-b5fd17-00000000-0000-4000-8000-000000000001"
WHOLE: dict[str, Any] = {
    "ocid": OCID,
    "id": "one-1",
    "date": "2026-03-02T09:00:00Z",
    "tag": ["award"],
    "initiationType": "tender",
    "parties": [
        {
            "id": "GB-LAE-XMP",
            "name": "London Borough of Exampleham",
            "roles": ["buyer"],
            "identifier": {"scheme": "GB-LAE", "id": "XMP"},
        },
        {
            "id": "GB-COH-1234567",
            "name": "Bins & Routes Ltd",
            "roles": ["supplier"],
            "identifier": {"scheme": "GB-COH", "id": "1234567"},
            "additionalIdentifiers": [{"scheme": "GB-PPON", "id": "PXMP-1234-WXYZ"}],
        },
    ],
    "buyer": {"id": "GB-LAE-XMP", "name": "London Borough of Exampleham"},
    "planning": {
        "documents": [
            {
                "id": "p1",
                "documentType": "plannedProcurementNotice",
                "url": "https://notices.example/planned",
                "datePublished": "2026-01-05T09:00:00Z",
            }
        ]
    },
    "tender": {
        "id": "T1",
        "title": "Waste collection rounds",
        "description": "Software that plans rounds.\r\nIt runs on handsets.",
        "status": "complete",
        "procurementMethod": "open",
        "procurementMethodDetails": "Open procedure",
        "classification": {"scheme": "CPV", "id": "90511000", "description": "Refuse collection"},
        "additionalClassifications": [{"scheme": "CPV", "id": "48000000-8"}],
        "items": [{"id": "1", "additionalClassifications": [{"scheme": "CPV", "id": "72212000"}]}],
        "value": {"amount": 100000, "amountGross": 120000.5, "currency": "GBP"},
        "minValue": {"amount": 80000, "currency": "GBP"},
        "tenderPeriod": {"startDate": "2026-01-10T09:00:00Z", "endDate": "2026-02-10T12:00:00Z"},
        "enquiryPeriod": {"endDate": "2026-01-31T17:00:00Z"},
        "lots": [{"id": "1", "status": "active"}, {"id": "2", "status": "active"}],
        "documents": [
            {"id": "1", "title": "Specification", "url": "https://notices.example/spec.pdf"},
            {
                "id": "2",
                "documentType": "tenderNotice",
                "url": "https://notices.example/tender",
                "datePublished": "2026-01-10T09:00:00Z",
            },
        ],
    },
    "awards": [
        {
            "id": "A1",
            "status": "active",
            "date": "2026-03-01T00:00:00Z",
            "value": {"amount": 95000.5, "currency": "GBP"},
            "suppliers": [{"id": "GB-COH-1234567", "name": "Bins & Routes Ltd"}],
            "contractPeriod": {
                "startDate": "2026-04-01T00:00:00+01:00",
                "endDate": "2029-03-31T23:59:59+01:00",
            },
            "documents": [
                {
                    "id": "1",
                    "documentType": "awardNotice",
                    "url": "https://notices.example/award",
                    "datePublished": "2026-03-02T09:00:00Z",
                }
            ],
        }
    ],
}


def release(path: str = "", value: object = None, **top: object) -> dict[str, Any]:
    """The whole release, with one value of it changed and others put in at the top."""
    made = copy.deepcopy(WHOLE) | top
    if path:
        *parents, last = (int(step) if step.isdigit() else step for step in path.split("."))
        at: Any = made
        for step in parents:
            at = at[step]
        at[last] = value
    return made


def package(*releases: object) -> bytes:
    return json.dumps({"publisher": {"name": "A portal"}, "releases": releases}).encode()


def read(file: bytes) -> list[Taken | Refused]:
    return list(Reader(BytesIO(file)))


def taken(*releases: object) -> list[Taken]:
    outcomes = read(package(*releases))
    assert all(isinstance(outcome, Taken) for outcome in outcomes), outcomes
    return [outcome for outcome in outcomes if isinstance(outcome, Taken)]


def refused(*releases: object) -> list[Refused]:
    return [outcome for outcome in read(package(*releases)) if isinstance(outcome, Refused)]
