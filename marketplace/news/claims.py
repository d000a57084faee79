"""Who is told of claims, assessments and reliance, and in which words."""

from marketplace.news.words import BECAUSE, DRAFTING, OWN_DOING, News, Quiet, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

CLAIM, WORKBENCH, RELIANCE = "/claims/{id}", "/assessments/{id}", "/reliances/{id}"
IT = "{standard}, for {claimed}"
ASSESSING = Quiet("the queue shows who has what, and its supplier is told what comes of it")
CHECK = "Your record of reliance shows what you relied on. Check what it means for your contract."


def _claimants(subject: str, *body: str) -> News:
    return News(Audience.CLAIMANTS, Topic.STANDARDS, subject, body, CLAIM)


def _contracts(subject: str, *body: str) -> News:
    """For the authorities whose contracts rely on it, whether or not they recorded more."""
    href = "/contracts/mine?claim={id}"
    told = ("Your contracts that rely on it say what happens now.", *body)
    return News(Audience.RELYING_CONTRACTS, Topic.CONTRACTS, subject, told, href)


def _reliants(subject: str, *body: str) -> News:
    return News(Audience.RELIANTS, Topic.STANDARDS, subject, (*body, CHECK), CLAIM)


NEWS: Table = {
    Verb.CLAIM_MAKE: Quiet("its supplier does it, and the product's page shows it"),
    Verb.CLAIM_ANSWER: DRAFTING,
    Verb.CLAIM_ATTACH: DRAFTING,
    Verb.CLAIM_DETACH: DRAFTING,
    Verb.CLAIM_SUBMIT: (
        News(
            Audience.ASSESSORS,
            Topic.NEEDS_YOU,
            f"Assess: {IT}",
            ("{who} sent it. Take it, so that colleagues see who has it.",),
            WORKBENCH,
        ),
        _claimants(f"Sent to LOTI: {IT}", "{who} sent it to be assessed."),
    ),
    Verb.CLAIM_WITHDRAW: (
        _contracts(f"Withdrawn, and your contract relies on it: {IT}"),
        _reliants(f"Withdrawn by its supplier: {IT}"),
        _claimants(f"Withdrawn: {IT}", "{who} withdrew the claim."),
    ),
    Verb.CLAIM_RENEW: Quiet("its supplier does it, and is told what comes of the new claim"),
    Verb.CLAIM_TAKE: ASSESSING,
    Verb.CLAIM_RELEASE: ASSESSING,
    Verb.CLAIM_MARK: ASSESSING,
    Verb.CLAIM_RETURN: (
        News(
            Audience.CLAIMANTS,
            Topic.NEEDS_YOU,
            f"Mend it by {{until}}: {IT}",
            ("LOTI asks for edits: {remark}", "Only the points that it names can be changed."),
            CLAIM,
        ),
    ),
    Verb.CLAIM_LAPSE: (
        _claimants(
            f"The time to mend it is over: {IT}",
            "It has gone back to LOTI as it is, and cannot be changed any more.",
        ),
        News(
            Audience.ASSESSORS,
            Topic.NEEDS_YOU,
            f"Assess again: {IT}",
            ("The time to mend it is over, and its supplier did not send it.",),
            WORKBENCH,
        ),
    ),
    Verb.CLAIM_DECIDE: (
        _claimants(
            f"LOTI has decided, {{found}}: {IT}",
            "LOTI says: {remark}",
            "The claim shows what was found of each point.",
        ),
    ),
    Verb.CLAIM_REVOKE: (
        _claimants(f"LOTI revoked what it found: {IT}", BECAUSE),
        _contracts(f"Revoked, and your contract relies on it: {IT}", BECAUSE),
        _reliants(f"Revoked by LOTI: {IT}", BECAUSE),
    ),
    Verb.CLAIM_REPLACE: (_reliants(f"A newer assessment has taken its place: {IT}"),),
    Verb.CLAIM_REMIND: (
        _claimants(
            f"Ends on {{ends}}: {IT}",
            "Renew the claim with newer evidence, so that LOTI can assess it before it ends.",
        ),
        _reliants(f"Ends on {{ends}}: {IT}"),
    ),
    Verb.CLAIM_EXPIRE: Quiet(
        "it was told of on its last day, and everything that shows it says so"
    ),
    Verb.RELIANCE_RECORD: (
        News(
            Audience.CLAIMANTS,
            Topic.STANDARDS,
            f"{{by}} relies on what LOTI found: {IT}",
            (),
            RELIANCE,
        ),
    ),
    Verb.RELIANCE_END: (
        News(
            Audience.CLAIMANTS,
            Topic.STANDARDS,
            f"{{by}} no longer relies on it: {IT}",
            (),
            RELIANCE,
        ),
    ),
    Verb.INTEREST_DECLARE: OWN_DOING,
    Verb.INTEREST_DROP: OWN_DOING,
}
