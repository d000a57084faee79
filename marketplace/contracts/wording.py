"""The words of what can be done about a contract: titles, buttons, and what happens to whom."""

from dataclasses import dataclass, replace

from marketplace.verbs import Verb


@dataclass(frozen=True, slots=True)
class Doing:
    verb: Verb
    title: str
    button: str
    lead: str = ""
    consequences: tuple[str, ...] = ()  # of what cannot be taken back


EDIT = Doing(Verb.CONTRACT_EDIT, "Write the contract down", "Save")
SIGN = Doing(
    Verb.CONTRACT_SIGN,
    "Record the signature",
    "It is signed",
    consequences=(
        "What the contract says cannot be edited any more; a change needs a ground of the Act.",
        "Everybody sees the contract in the register once all its authorities have signed.",
        "The contract details notice (UK7) is due from the day of the signature.",
        "You cannot take this back.",
    ),
)
CHANGE = Doing(
    Verb.CONTRACT_CHANGE,
    "Change the contract",
    "Change it",
    "A contract can be changed without a new procurement only for a reason that the Act knows "
    "(section 74). With all changes so far, more than 10% of the value (works: 15%) or of the "
    "term needs a contract change notice first (section 75).",
)
EXTEND = Doing(Verb.CONTRACT_EXTEND, "Decide on the extension", "Decide")
END = Doing(
    Verb.CONTRACT_END,
    "End the contract",
    "End it",
    consequences=(
        "Nobody can sign it, or call off under it, any more. Contracts of other authorities stay.",
        "Of a signed contract the termination notice (UK11) is due within 30 days (section 80).",
        "You cannot take this back.",
    ),
)
REPORT = Doing(
    Verb.CONTRACT_REPORT,
    "Record a breach or poor performance",
    "Record it",
    "A notice tells of a breach that led to damages, a settlement or the end of the contract or a "
    "part of it, and of poor performance that the supplier did not put right although it had a "
    "proper chance (section 71).",
    (
        "The supplier is told of it now.",
        "Its notice is due within 30 days: the contract performance notice (UK9) or, where the "
        "whole contract ended, the contract termination notice (UK11).",
        "Everybody sees it on the page of the contract once the number of that notice is recorded.",
        "It can be corrected, and what it said before stays to be read.",
    ),
)
CORRECT = Doing(
    Verb.CONTRACT_CORRECT,
    "Correct what was recorded, or say what was done since",
    "Correct it",
    consequences=(
        "What you enter takes the place of the entry. What it said before stays to be read.",
        "The supplier is told of it. Whoever can see the entry now sees the correction, too.",
        "If its notice is published already, publish it again, and record its new number.",
    ),
)
RELY = Doing(
    Verb.CONTRACT_RELY,
    "Rely on what LOTI found",
    "Rely on it",
    "When the finding is revoked, ends or is withdrawn, this contract shows it, and the authority "
    "is told by mail.",
)
NOTHING_TO_RELY_ON = replace(
    RELY,
    button="",
    lead="LOTI has no finding about this supplier that holds today, so there is nothing to choose. "
    "A supplier claims that it meets a standard, and LOTI assesses the claim once for everybody.",
)
CALL_OFF = Doing(
    Verb.CALLOFF_PROPOSE,
    "Call off",
    "Propose it",
    "An approver of your authority approves it, within their limit. It counts from then on.",
)
DECLINE = Doing(Verb.CALLOFF_DECLINE, "Decline the call-off", "Decline it")
CANCEL = Doing(
    Verb.CALLOFF_CANCEL,
    "Cancel the call-off",
    "Cancel it",
    consequences=("What it took can be called off by others. You cannot take this back.",),
)
PLAN = Doing(Verb.MILESTONE_ADD, "Add a milestone", "Add it")
MEET = Doing(Verb.MILESTONE_MEET, "Record that it was met", "Record it")
REVIEW = Doing(Verb.REVIEW_WRITE, "Review the delivery", "Publish it to authorities")
ANSWER = Doing(Verb.REVIEW_ANSWER, "Answer the review", "Answer it")
