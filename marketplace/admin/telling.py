"""An event of the journal in words."""

from marketplace.core.journal import Event
from marketplace.core.times import when
from marketplace.verbs import Verb

SAYS = {
    Verb.ORGANISATION_REGISTER: "entered an organisation in the register",
    Verb.NOTICE_IMPORT: "read in a notice",
    Verb.PRODUCT_DRAFT: "started a product",
    Verb.PRODUCT_EDIT: "changed a product",
    Verb.PRODUCT_DISCARD: "deleted the draft of a product",
    Verb.PRODUCT_PUBLISH: "listed a product",
    Verb.PRODUCT_PAUSE: "paused a product",
    Verb.PRODUCT_RETIRE: "retired a product",
    Verb.CHALLENGE_DRAFT: "started a challenge",
    Verb.CHALLENGE_EDIT: "changed the draft of a challenge",
    Verb.CHALLENGE_ATTACH: "attached a document to a challenge",
    Verb.CHALLENGE_DETACH: "removed a document from a challenge",
    Verb.CHALLENGE_DISCARD: "deleted the draft of a challenge",
    Verb.CHALLENGE_SUBMIT: "sent a challenge to LOTI",
    Verb.CHALLENGE_RETURN: "asked for edits to a challenge",
    Verb.CHALLENGE_APPROVE: "published a challenge",
    Verb.CHALLENGE_CLOSE: "closed a challenge",
    Verb.CHALLENGE_TAKE: "took a challenge into a tender",
    Verb.CHALLENGE_PILOT: "began to pilot an answer to a challenge",
    Verb.CHALLENGE_SHARE: "shared what a challenge taught",
    Verb.CHALLENGE_DROP: "dropped a challenge",
    Verb.CHALLENGE_WITHDRAW: "withdrew a challenge",
    Verb.COMMITMENT_MAKE: "joined a challenge",
    Verb.COMMITMENT_CHANGE: "changed how it takes part in a challenge",
    Verb.COMMITMENT_WITHDRAW: "left a challenge",
    Verb.DELIVERY_RETRY: "had a delivery tried again",
}


def told(event: Event) -> str:
    """Such as "Camden published a challenge, Monday 23 November 2026 at 12 noon (UK time)"."""
    who = event.organisation_name or "The marketplace"
    return f"{who} {SAYS[Verb(event.verb)]}, {when(event.created_at)}"
