"""What everybody sees of a tender: made from the approved versions, and compared with before."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.tenders import comparing, content, queries
from marketplace.tenders.comparing import Change
from marketplace.tenders.content import SHARED
from marketplace.tenders.lot_models import Lot
from marketplace.tenders.models import Part, Party, Publication, Tender
from marketplace.tenders.queries import Versions
from marketplace.tenders.standing import taking_part

Published = Mapping[str, Any]


def assembled(ctx: Context, tender: Tender) -> Published:
    return put_together(tender, queries.versions(ctx, tender), queries.parties(ctx, tender))


def put_together(tender: Tender, versions: Versions, all_parties: Iterable[Party]) -> Published:
    """The newest versions of all parts, as everybody may know them: what each authority decided
    to spend is not in them, and of shares only how much of it. A part that nobody has saved yet is
    not there.
    """
    parties = list(taking_part(list(all_parties)))
    shared = {
        part.value: dict(versions[part, tender.id].content)
        for part in SHARED
        if (part, tender.id) in versions
    }
    annexes = {}
    for party in parties:
        own = versions.get((Part.ANNEX, party.id))
        if own and any(own.content.values()):
            annexes[party.organisation.name] = dict(own.content)
    if value := shared.get(Part.VALUE):
        posts = {str(one.organisation_id): one.organisation.address.kept() for one in parties}
        value["parties"] = [
            {name: said for name, said in one.items() if name != "value"}
            | {"address": posts.get(one["id"], {})}
            for one in value["parties"]
        ]
    numbers = {part.value: versions[part, tender.id].number for part in SHARED if part in shared}
    return {**shared, Part.ANNEX.value: annexes, "versions": numbers}


def differences(before: Published, after: Published) -> list[Change]:
    """What is different for whoever reads it, part by part."""
    found: list[Change] = []
    for part in SHARED:
        found += comparing.changes(before.get(part.value, {}), after.get(part.value, {}))
    annexes = Part.ANNEX.value
    for name in {**before.get(annexes, {}), **after.get(annexes, {})}:
        for one in comparing.changes(
            before.get(annexes, {}).get(name, {}), after.get(annexes, {}).get(name, {})
        ):
            found.append(Change(f"{name}: {one.label}", one.before, one.after))
    return found


def publish(ctx: Context, tender: Tender, said: Published, **about: Any) -> Publication:
    """Keeps what everybody sees from now on, with what is different from before."""
    earlier = queries.publications(ctx, tender)
    changes = differences(earlier[0].content, said) if earlier else []
    made = Publication(
        number=len(earlier) + 1,
        content=dict(said),
        changes=[asdict(one) for one in changes],
        deadline=tender.deadline or ctx.now,
        tender_id=tender.id,
        created_at=ctx.now,
        **about,
    )
    ctx.session.add(made)
    tender.public_title, tender.public_summary = tender.title, tender.summary
    tender.public_rounds = tender.rounds
    tender.asking_ends_at, tender.closes_at = tender.questions_until, tender.deadline
    for document in queries.documents(ctx, tender):
        document.published_at = document.published_at or ctx.now
    return made


def settled(ctx: Context, tender: Tender) -> frozenset[Part]:
    """The parts of which everybody sees the newest version: nothing is being changed there."""
    versions, seen = queries.versions_and_seen(ctx, tender)
    return frozenset(
        part
        for part in SHARED
        if (part, tender.id) in versions and versions[part, tender.id].number == seen.get(part)
    )


def publish_without(ctx: Context, party: Party, unchanged: Iterable[Part]) -> Publication:
    """A party has left: what was published is published anew without it, and with nothing else.
    Of the parts that were settled before, that is the newest version again.
    """
    tender = party.tender
    latest = queries.publications(ctx, tender)[0]
    said, gone = deepcopy(latest.content), str(party.organisation_id)
    value = said[Part.VALUE]
    value["parties"] = [one for one in value["parties"] if one["id"] != gone]
    value["total"] = str(Decimal(value["total"]) - (party.value or Decimal(0)))
    for lot in said[Part.LOTS]["lots"]:
        lot["authorities"].pop(gone, None)
    judged = said[Part.CRITERIA]
    judged["criteria"] = [
        one for one in judged["criteria"] if (one.get("local_to") or {}).get("id") != gone
    ]
    said[Part.ANNEX].pop(party.organisation.name, None)
    newest = queries.versions(ctx, tender)
    said["versions"] |= {part.value: newest[part, tender.id].number for part in unchanged}
    reason = f"{party.organisation.name} no longer takes part. {party.because}"
    return _publish_anew(ctx, latest, said, reason)


def publish_led(ctx: Context, tender: Tender, unchanged: Iterable[Part]) -> Publication:
    """Another authority leads: what was published is published anew with that, and nothing else."""
    latest = queries.publications(ctx, tender)[0]
    said = deepcopy(latest.content)
    for one in said[Part.VALUE]["parties"]:
        one["lead"] = one["id"] == str(tender.organisation_id)
    said[Part.VALUE]["parties"].sort(key=lambda one: not one["lead"])
    newest = queries.versions(ctx, tender)
    said["versions"] |= {part.value: newest[part, tender.id].number for part in unchanged}
    return _publish_anew(ctx, latest, said, f"{tender.organisation.name} leads now.")


def publish_ended(ctx: Context, lot: Lot) -> Publication:
    """A lot has ended: what was published is published anew with that, and with nothing else."""
    latest = queries.publications(ctx, lot.tender)[0]
    said = deepcopy(latest.content)
    going = [one for one in said[Part.LOTS]["lots"] if "ended" not in one]
    ending = [one for one in going if one["id"] == str(lot.id)]
    if not ending:
        raise Conflict("This lot has not been published. Remove it instead.")
    if len(going) == 1:
        raise Conflict("No other lot is left. Cancel the tender instead.")
    ending[0] |= content.end(lot)
    return _publish_anew(ctx, latest, said, f"The lot “{lot.title}” has ended. {lot.because}")


def _publish_anew(
    ctx: Context, latest: Publication, said: dict[str, Any], reason: str
) -> Publication:
    made = Publication(
        number=latest.number + 1,
        content=said,
        changes=[asdict(one) for one in differences(latest.content, said)],
        reason=reason,
        deadline=latest.deadline,
        tender_id=latest.tender_id,
        created_at=ctx.now,
    )
    ctx.session.add(made)
    return made
