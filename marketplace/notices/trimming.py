"""What a notice needs of a release: the fields that are kept, the organisations that act in it."""

import hashlib
import json
import re
from collections import Counter
from typing import Any

from marketplace.notices.cleaning import (
    Each,
    Note,
    Shape,
    address,
    amount,
    caption,
    cpv_code,
    cpv_codes,
    currency,
    end_moment,
    line,
    moment,
    one_of,
    own_page,
    prose,
    reference,
    shaped,
    words,
)

NO_OBJECT = "It is not an object with fields."
_STAGES = frozenset({"planning", "tender", "awards", "contracts"})


class Refusal(ValueError):  # noqa: N818 - caught by Reader, which names the record
    """A release without which there would be no notice: the field and the reason."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field


_IDENTIFIER: Shape = {"scheme": line, "id": reference, "legalName": line}
_PARTY: Shape = {
    "name": line,
    "roles": words,
    "identifier": _IDENTIFIER,
    "additionalIdentifiers": Each(_IDENTIFIER, refers=True),
}
_VALUE: Shape = {"amount": amount, "amountGross": amount, "currency": currency}
_PERIOD: Shape = {"startDate": moment, "endDate": end_moment}
_CLASSIFIED: Shape = {"classification": cpv_code, "additionalClassifications": cpv_codes}
_DOCUMENTS = Each(
    {
        "title": caption,
        "description": caption,
        "documentType": caption,
        "url": address,
        "datePublished": moment,
    }
)
_RELEASE: Shape = {
    "ocid": reference,
    "id": reference,
    "date": moment,
    "tag": words,
    "title": line,
    "description": prose,
    "links": own_page,
    "parties": Each(_PARTY, refers=True),
    "buyer": {"id": reference, **_PARTY},
    "planning": {"budget": {"amount": _VALUE}, "documents": _DOCUMENTS},
    "tender": {
        "title": line,
        "description": prose,
        "status": one_of(
            "planning", "planned", "active", "cancelled", "unsuccessful", "complete", "withdrawn"
        ),
        "procurementMethod": one_of("open", "selective", "limited", "direct"),
        "procurementMethodDetails": line,
        "procuringEntity": {"id": reference, **_PARTY},
        **_CLASSIFIED,
        "items": Each(_CLASSIFIED),
        "value": _VALUE,
        "minValue": _VALUE,
        "tenderPeriod": _PERIOD,
        "enquiryPeriod": _PERIOD,
        "contractPeriod": _PERIOD,
        "lots": Each(
            {
                "status": one_of(
                    "pending", "planned", "active", "cancelled", "unsuccessful", "complete"
                ),
                "value": _VALUE,
                "contractPeriod": _PERIOD,
                **_CLASSIFIED,
            }
        ),
        "documents": _DOCUMENTS,
    },
    "awards": Each(
        {
            "title": line,
            "status": one_of("pending", "active", "cancelled", "unsuccessful"),
            "date": moment,
            "value": _VALUE,
            "contractPeriod": _PERIOD,
            "suppliers": Each(_PARTY, refers=True),
            "items": Each(_CLASSIFIED),
            "documents": _DOCUMENTS,
        }
    ),
    "contracts": Each(
        {
            "title": line,
            "status": one_of("pending", "active", "cancelled", "terminated"),
            "value": _VALUE,
            "period": _PERIOD,
            "items": Each(_CLASSIFIED),
            "documents": _DOCUMENTS,
        }
    ),
}


FIELDS = frozenset(_RELEASE)


def is_release(value: object) -> bool:
    return isinstance(value, dict) and ("ocid" in value or not _STAGES.isdisjoint(value))


def trim(release: object, notes: list[Note]) -> dict[str, Any]:
    """What a notice needs of a release, cleaned: fields named as in the standard, except that
    organisations stand where they act, with a key as their id. Raises Refusal."""
    if not isinstance(release, dict):
        raise Refusal("", NO_OBJECT)
    if "url" in release and not is_release(release):
        raise Refusal("url", "It is only a link to a release that is not in the file.")
    content: dict[str, Any] = shaped(release, _RELEASE, "", notes)
    if not content.get("ocid"):
        raise Refusal("ocid", "There is no OCID, so it cannot be told which notice this is.")
    if not re.match("ocds-[a-z0-9]{6}-", content["ocid"]):
        notes.append(("ocid", "It does not begin with a prefix such as ocds-h6vhtk-."))
    if not content.get("date"):
        content["date"] = _document_date(content, notes)
    _place_organisations(content, notes)
    content["tag"] = content.get("tag") or []
    if not content.get("id"):
        written = json.dumps(content, sort_keys=True).encode()
        content["id"] = f"unnamed-{hashlib.sha256(written).hexdigest()[:16]}"
        notes.append(("id", "There is no release id; one was made from the content."))
    return content


def _document_date(content: dict[str, Any], notes: list[Note]) -> str:
    """The date of the newest document, for a release that has none of its own."""
    parts = [content.get("planning", {}), content.get("tender", {})]
    parts += content.get("awards", []) + content.get("contracts", [])
    documents = [document for part in parts for document in part.get("documents", [])]
    dates = [d["datePublished"] for d in documents if d.get("datePublished")]
    if not dates:
        raise Refusal("date", "There is no date, so it cannot be told what is newer.")
    notes.append(("date", "There is none; the date of the newest document was used."))
    return str(max(dates))


# ---- organisations

_Party = dict[str, Any]  # as published, cleaned

_ORGANISATION_ID = re.compile("([A-Z]{2}-[A-Z0-9]+)-(.+)")


def _place_organisations(content: dict[str, Any], notes: list[Note]) -> None:
    """Puts buyer and suppliers, with what the list of parties knows of them, where they act.

    The list itself is not kept: some portals number parties anew in every release ("org-3"), so
    merging by those numbers would mix organisations up.
    """
    parties: list[_Party] = content.pop("parties", [])
    _complain_of(parties, notes)
    known = _Known(parties)
    named = [
        content.pop("buyer", None),
        *known.acting("buyer"),
        content.get("tender", {}).pop("procuringEntity", None),
        *known.acting("procuringEntity"),
    ]
    buyer = next((_organisation(one, known) for one in named if one and _is_named(one)), None)
    if buyer is None:
        notes.append(("buyer", "No buyer is named."))
    content["buyer"] = buyer or {"id": "", "name": "", "identifiers": []}
    awards = content.get("awards", [])
    for number, award in enumerate(awards):
        where = f"awards[{number}].suppliers"
        award["suppliers"] = _suppliers(award.get("suppliers", []), known, where, notes)
    if not any(award["suppliers"] for award in awards):
        content["suppliers"] = _suppliers(known.acting("supplier"), known, "parties", notes)


class _Known:
    """The parties of a release, to be looked up: releases with thousands of them exist."""

    def __init__(self, parties: list[_Party]) -> None:
        self._parties = parties
        self._entries: dict[tuple[str | None, str | None], _Party] = {}
        for party in parties:
            one, name = party.get("id"), party.get("name")
            for key in ((one, name), (one, None), (None, name)):
                self._entries.setdefault(key, party)

    def acting(self, role: str) -> list[_Party]:
        return [party for party in self._parties if role in (party.get("roles") or [])]

    def entry(self, given: _Party) -> _Party:
        """The party that a reference means: its id may be used twice, and then its name tells."""
        one, name = given.get("id"), given.get("name")
        keys = [(one, name), (one, None)] if one else [(None, name)]
        return next((self._entries[key] for key in keys if key in self._entries), {})


def _complain_of(parties: list[_Party], notes: list[Note]) -> None:
    unknown = sum(1 for party in parties if not (party.get("identifier") or {}).get("scheme"))
    if unknown:
        reason = f"{unknown} of {len(parties)} organisations have none; their id or name was used."
        notes.append(("parties.identifier.scheme", reason))
    used = Counter(party["id"] for party in parties if party.get("id"))
    for repeated, times in used.items():
        if times > 1:
            notes.append(("parties.id", f"“{repeated}” is used for {times} entries."))


def _is_named(organisation: _Party) -> bool:
    return bool(organisation.get("id") or organisation.get("name"))


def _suppliers(
    given: list[_Party], known: _Known, where: str, notes: list[Note]
) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for supplier in given:
        if not _is_named(supplier):
            notes.append((where, "A supplier has neither id nor name, so it was left out."))
            continue
        organisation = _organisation(supplier, known)
        first = found.get(organisation["id"])
        if first and first["name"] != organisation["name"]:
            organisation["id"] = _name_key(organisation["name"])
        if organisation["id"] in found:
            notes.append((where, f"“{organisation['name']}” is listed twice; it was kept once."))
        found.setdefault(organisation["id"], organisation)
    return list(found.values())


def _organisation(given: _Party, known: _Known) -> dict[str, Any]:
    party = known.entry(given)
    names = (given.get("name"), party.get("name"), (party.get("identifier") or {}).get("legalName"))
    name = next((name for name in names if name), "")
    identifiers = _identifiers(given, party)
    if identifiers:
        key = "{scheme}-{id}".format(**identifiers[0])
    else:
        key = _name_key(name) if name else f"id:{given.get('id')}"
    return {"id": key, "name": name, "identifiers": identifiers}


def _identifiers(*entries: _Party) -> list[dict[str, str]]:
    found: dict[tuple[str, str], None] = {}
    for entry in entries:
        for one in [entry.get("identifier") or {}, *(entry.get("additionalIdentifiers") or [])]:
            if one.get("scheme") and one.get("id"):
                found[one["scheme"].upper(), _register_number(one["scheme"], one["id"])] = None
    for entry in entries:
        written = _ORGANISATION_ID.fullmatch(entry.get("id") or "")
        if written and written[1] not in {scheme for scheme, _ in found}:
            found[written[1], _register_number(*written.groups())] = None
    return [{"scheme": scheme, "id": number} for scheme, number in found]


def _register_number(scheme: str, number: str) -> str:
    """As the register writes it: companies have 8 places, and spreadsheets lose leading zeros."""
    if scheme.upper() == "GB-COH":
        return number.replace(" ", "").upper().zfill(8)
    return number


def _name_key(name: str) -> str:
    return "name:" + " ".join(re.findall(r"\w+", name.casefold().replace("&", " and ")))
