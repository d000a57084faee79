"""Who is told of contracts and call-offs, and in which words."""

from marketplace.news.words import BECAUSE, News, Quiet, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

CONTRACT = "/contracts/{id}"
CORRECTED = "What was recorded of a breach or poor performance is corrected: {contract}"
HAPPENED = "What happened: {happened}"
LISTED = Quiet("the contract's page shows it, and its history who did it")


def _parties(subject: str, *body: str) -> News:
    return News(Audience.CONTRACTING, Topic.CONTRACTS, subject, body, CONTRACT)


def _supplier(subject: str, *body: str) -> News:
    return News(Audience.CONTRACTED, Topic.CONTRACTS, subject, body, CONTRACT)


def _caller(subject: str, *body: str) -> News:
    return News(Audience.CALLING_OFF, Topic.CONTRACTS, subject, body, CONTRACT)


NEWS: Table = {
    Verb.CONTRACT_PREPARE: (
        _parties(
            "Prepare your contract: {contract}",
            "Its award is confirmed. Say its dates and value, and record who signs it.",
        ),
    ),
    Verb.CONTRACT_EDIT: LISTED,
    Verb.CONTRACT_ATTACH: LISTED,
    Verb.CONTRACT_DETACH: LISTED,
    Verb.CONTRACT_RELY: LISTED,
    Verb.CONTRACT_SIGN: (
        _parties("{by} signed: {contract}"),
        _supplier("{by} signed: {contract}"),
    ),
    Verb.CONTRACT_CITE: LISTED,
    Verb.CONTRACT_CHANGE: (
        _parties("Changed: {contract}", "What changes: {reason}"),
        _supplier("Changed: {contract}", "What changes: {reason}"),
    ),
    Verb.CONTRACT_EXTEND: (
        _parties("{outcome}: {contract}"),
        _supplier("{outcome}: {contract}"),
    ),
    Verb.CONTRACT_END: (
        _parties("Ended: {contract}", BECAUSE),
        _supplier("Ended: {contract}", BECAUSE),
    ),
    Verb.CONTRACT_REPORT: (
        _parties("{failing}: {contract}", HAPPENED),
        _supplier(
            "{failing}: {contract}",
            "{by} recorded it.",
            HAPPENED,
            "Everybody sees it once the number of its notice is recorded.",
        ),
    ),
    Verb.CONTRACT_CORRECT: (
        _parties(CORRECTED, HAPPENED, BECAUSE),
        _supplier(CORRECTED, "{by} corrected it.", HAPPENED, BECAUSE),
    ),
    Verb.CONTRACT_REMIND: (_parties("{duty}, by {until}: {contract}"),),
    Verb.CALLOFF_PROPOSE: (
        _caller("Approve a call-off: {contract}", "{who} proposes to call off {value}."),
    ),
    Verb.CALLOFF_APPROVE: (
        _caller("Approved: a call-off under {contract}", "{who} approved {value}."),
        _parties("{by} calls off {value}: {contract}"),
        _supplier("{by} calls off {value}: {contract}"),
    ),
    Verb.CALLOFF_DECLINE: (_caller("Declined: a call-off under {contract}", BECAUSE),),
    Verb.CALLOFF_CANCEL: (
        _parties("{by} cancelled a call-off: {contract}", BECAUSE),
        _supplier("{by} cancelled a call-off: {contract}", BECAUSE),
    ),
    Verb.MILESTONE_ADD: LISTED,
    Verb.MILESTONE_MEET: LISTED,
    Verb.REVIEW_WRITE: (
        _supplier("{by} reviewed the delivery: {contract}", "You can answer it once, in words."),
    ),
    Verb.REVIEW_ANSWER: (_parties("The supplier answered a review: {contract}"),),
}
