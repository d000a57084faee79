"""What has become of a finding that a contract relies on."""

from collections.abc import Sequence
from datetime import date

from marketplace.claims.models import COUNTING, Claim
from marketplace.contracts.models import ContractStandard
from marketplace.core.times import day


def gone(claim: Claim, today: date) -> str:
    """Why a finding holds no more; empty while it does."""
    if claim.revoked_at:
        return f"LOTI revoked it on {day(claim.revoked_at)}: {claim.because}"
    if claim.withdrawn_at:
        return f"Its supplier withdrew the claim on {day(claim.withdrawn_at)}."
    if claim.ends_on and claim.ends_on < today:
        return f"It ended on {day(claim.ends_on)}."
    if claim.stage not in COUNTING and not claim.replaced_at:
        return "It holds no more."
    return ""


def broken(relied: Sequence[ContractStandard], today: date) -> list[tuple[ContractStandard, str]]:
    """What a contract relies on and holds no more, and why."""
    return [(one, why) for one in relied if (why := gone(one.claim, today))]
