"""How the contracts of an award come about, when it is confirmed: one for each authority, or one
that all of them sign.
"""

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from marketplace.awards import actions as awards
from marketplace.awards import deciding
from marketplace.awards import queries as award_queries
from marketplace.awards.models import Award
from marketplace.contracts import queries
from marketplace.contracts.forms import Manner
from marketplace.contracts.models import Contract, ContractParty, ContractStandard
from marketplace.core.context import Context
from marketplace.core.errors import Conflict
from marketplace.perform import perform
from marketplace.tenders.models import Party
from marketplace.verbs import Verb


def confirm(ctx: Context, award: Award, manner: Manner) -> list[Contract]:
    """Confirms an award, and begins the contracts of the authorities that approved it."""
    awards.confirm(ctx, award)
    buyers = award_queries.buying(ctx, award)
    if not buyers or award.value is None:
        raise Conflict("No authority has approved this award, so there is nobody to contract.")
    if manner is Manner.TOGETHER:
        return [_begin(ctx, award, buyers[0], buyers, award.value)]
    values = deciding.shares(buyers, award.value)
    return [_begin(ctx, award, one, [one], values[one.organisation_id]) for one in buyers]


def _begin(
    ctx: Context, award: Award, whose: Party, signing: Sequence[Party], value: Decimal
) -> Contract:
    tender = award.tender
    assert award.supplier_id is not None  # noqa: S101 - of an award that was recommended
    assert award.value is not None  # noqa: S101 - the same
    contract = Contract(
        title=award.called,
        parties=[str(one.organisation_id) for one in signing],
        value=value,
        vat_rate=deciding.rate(award.value, award.gross or award.value),
        starts_on=tender.starts_on,
        ends_on=tender.ends_on,
        extension=tender.extensions,
        route=award.route,
        kind=award.contract,
        organisation_id=whose.organisation_id,
        supplier_id=award.supplier_id,
        award_id=award.id,
        award=award,
        tender_id=tender.id,
        tender=tender,
        lot_id=award.lot_id,
        created_at=ctx.now,
    )
    perform(ctx, Verb.CONTRACT_PREPARE, contract, tender=str(tender.id))
    ctx.session.flush()
    ctx.session.add_all(
        ContractParty(
            contract_id=contract.id, organisation_id=one.organisation_id, created_at=ctx.now
        )
        for one in signing
    )
    known = queries.claims_of(ctx, _claims(award))
    ctx.session.add_all(
        ContractStandard(contract_id=contract.id, claim_id=one.id, created_at=ctx.now)
        for one in known
    )
    ctx.session.flush()
    return contract


def _claims(award: Award) -> set[UUID]:
    """The findings that the winning bid stands on."""
    said = award.bid.content.get("standards", ()) if award.bid else ()
    ids = (one["claim"].get("id") for one in said if isinstance(one.get("claim"), dict))
    return {UUID(id) for id in ids if id}
