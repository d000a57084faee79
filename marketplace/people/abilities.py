"""What a role allows: in a sentence beside its box, and as the table "Who can do what", which asks
policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from auth.actor import OFFERED, Actor, Kind, Role
from marketplace import policy
from marketplace.core.money import pounds
from marketplace.organisations.models import Organisation
from marketplace.verbs import Verb

MEMBER = "Member"  # somebody without a role
ALLOWS: Mapping[Kind, Mapping[Role, str]] = {
    Kind.AUTHORITY: {
        Role.AUTHOR: "Writes challenges, sends them to LOTI and says what came of them. "
        "Joins those of other authorities, keeps shortlists, and relies on what LOTI found. "
        "Prepares tenders and answers questions about them; publishes those that the authority "
        "leads.",
        Role.APPROVER: "Commits the authority to a need that it shares with others. "
        "Approves the parts of tenders. Keeps shortlists, and relies on what LOTI found.",
        Role.EVALUATOR: "Can be asked to sit on a panel. Writes and commits to nothing.",
        Role.ADMINISTRATOR: "Says who may act for the authority and in which roles.",
    },
    Kind.SUPPLIER: {
        Role.MANAGER: "Describes the supplier's products, lists them, and claims "
        "standards for them. Keeps its rate card. Asks about tenders.",
        Role.ADMINISTRATOR: "Says who may act for the supplier, describes it and signs the "
        "agreement.",
    },
    Kind.LOTI: {
        Role.CURATOR: "Reviews and publishes challenges and standards. Looks at changes of "
        "products.",
        Role.ASSESSOR: "Assesses what suppliers claim. Publishes nothing.",
        Role.SUPPORT: "Keeps the list of domains, helps the people of organisations, and may look "
        "with their eyes.",
        Role.ADMINISTRATOR: "Runs the marketplace: organisations, people and LOTI's own roles.",
    },
}
# What each verb lets somebody do. Whether they may is not said here.
DOES: Mapping[Verb, str] = {
    Verb.ORGANISATION_REGISTER: "Enter an organisation in the register",
    Verb.ORGANISATION_DESCRIBE: "Change the organisation's profile",
    Verb.ORGANISATION_CORRECT: "Correct the facts of an organisation",
    Verb.ORGANISATION_SUSPEND: "Suspend an organisation",
    Verb.ORGANISATION_RESTORE: "Restore an organisation",
    Verb.PERSON_SUSPEND: "Suspend a person everywhere",
    Verb.PERSON_RESTORE: "Restore a person",
    Verb.PERSON_ERASE: "Erase what is held on a person",
    Verb.DOMAIN_ADD: "Add the domain of an authority's mail",
    Verb.DOMAIN_REMOVE: "Remove the domain of an authority's mail",
    Verb.INVITATION_SEND: "Invite somebody",
    Verb.INVITATION_RESEND: "Send an invitation again",
    Verb.INVITATION_REVOKE: "Revoke an invitation",
    Verb.JOIN_APPROVE: "Approve a request to join",
    Verb.JOIN_DECLINE: "Decline a request to join",
    Verb.MEMBERSHIP_GRANT: "Change somebody's roles",
    Verb.MEMBERSHIP_SUSPEND: "Suspend a member",
    Verb.MEMBERSHIP_RESTORE: "Restore a suspended member",
    Verb.MEMBERSHIP_REMOVE: "Remove a member",
    Verb.SUPPORT_LOOK: "Look with a member's eyes, changing nothing",
    Verb.AGREEMENT_SIGN: "Sign the platform agreement",
    Verb.NOTICE_IMPORT: "Read in published notices",
    Verb.STANDARD_DRAFT: "Start a standard or its next version",
    Verb.STANDARD_EDIT: "Change the draft of a standard",
    Verb.STANDARD_DISCARD: "Delete the draft of a standard",
    Verb.STANDARD_PUBLISH: "Publish a version of a standard",
    Verb.STANDARD_SUPERSEDE: "Let a new version take the place of the one before",
    Verb.STANDARD_WITHDRAW: "Withdraw a standard",
    Verb.PRODUCT_DRAFT: "Start a product",
    Verb.PRODUCT_EDIT: "Change a product",
    Verb.PRODUCT_DISCARD: "Delete the draft of a product",
    Verb.PRODUCT_PUBLISH: "List a product",
    Verb.PRODUCT_PAUSE: "Pause a product",
    Verb.PRODUCT_RETIRE: "Retire a product",
    Verb.PRODUCT_COPY: "Copy a product",
    Verb.PRODUCT_SUSPEND: "Suspend a product",
    Verb.PRODUCT_RESTORE: "Restore a product",
    Verb.PRODUCT_ADD: "Add a price, a document, a picture or a version to a product",
    Verb.PRODUCT_CHANGE: "Change a price, a document, a picture or a version of a product",
    Verb.PRODUCT_REMOVE: "Remove a price, a document, a picture or a version of a product",
    Verb.RATE_DECLARE: "Say what a day of each role costs at most",
    Verb.EDIT_ACKNOWLEDGE: "Acknowledge a change to a listed product",
    Verb.EDIT_REVERT: "Take back a change to a listed product",
    Verb.REPORT_MAKE: "Report a product that stands in the wrong area",
    Verb.REPORT_CLOSE: "Close a report of a product",
    Verb.USE_CONFIRM: "Say that the authority uses a product",
    Verb.USE_DENY: "Say that the authority does not use a product",
    Verb.CLAIM_MAKE: "Claim that a product meets a standard",
    Verb.CLAIM_ANSWER: "Answer the points of a standard",
    Verb.CLAIM_ATTACH: "Add evidence to a claim",
    Verb.CLAIM_DETACH: "Remove evidence from a claim",
    Verb.CLAIM_SUBMIT: "Send a claim to LOTI",
    Verb.CLAIM_WITHDRAW: "Withdraw a claim",
    Verb.CLAIM_RENEW: "Renew a claim that was decided",
    Verb.CLAIM_TAKE: "Take a claim to assess it",
    Verb.CLAIM_RELEASE: "Give a claim back to the queue",
    Verb.CLAIM_MARK: "Assess a point of a claim",
    Verb.CLAIM_RETURN: "Ask a supplier to mend a claim",
    Verb.CLAIM_DECIDE: "Decide a claim",
    Verb.CLAIM_REVOKE: "Revoke what was decided of a claim",
    Verb.INTEREST_DECLARE: "Declare an interest in a supplier",
    Verb.INTEREST_DROP: "Say that an interest has ended",
    Verb.RELIANCE_RECORD: "Rely on what LOTI found of a claim",
    Verb.RELIANCE_END: "Say that the authority relies on it no longer",
    Verb.SHORTLIST_START: "Start a shortlist",
    Verb.SHORTLIST_RENAME: "Rename a shortlist",
    Verb.SHORTLIST_KEEP: "Keep a product on a shortlist",
    Verb.SHORTLIST_NOTE: "Change the note on a product of a shortlist",
    Verb.SHORTLIST_REMOVE: "Remove a product from a shortlist",
    Verb.SHORTLIST_DISCARD: "Delete a shortlist",
    Verb.SHORTLIST_FREEZE: "Freeze a shortlist as the record of why",
    Verb.CHALLENGE_DRAFT: "Start a challenge",
    Verb.CHALLENGE_EDIT: "Change the draft of a challenge",
    Verb.CHALLENGE_ATTACH: "Add a document to a challenge",
    Verb.CHALLENGE_DETACH: "Remove a document from a challenge",
    Verb.CHALLENGE_DISCARD: "Delete the draft of a challenge",
    Verb.CHALLENGE_SUBMIT: "Send a challenge to LOTI",
    Verb.CHALLENGE_RETURN: "Ask for edits to a challenge",
    Verb.CHALLENGE_APPROVE: "Publish a challenge",
    Verb.CHALLENGE_CLOSE: "Close a challenge",
    Verb.CHALLENGE_TAKE: "Take a challenge into a tender",
    Verb.CHALLENGE_PILOT: "Say that a challenge is being piloted",
    Verb.CHALLENGE_SHARE: "Share what a challenge taught",
    Verb.CHALLENGE_DROP: "Drop a challenge",
    Verb.CHALLENGE_WITHDRAW: "Withdraw a challenge",
    Verb.COMMITMENT_MAKE: "Say that the authority has a need too",
    Verb.COMMITMENT_CHANGE: "Change what the authority said about a need",
    Verb.COMMITMENT_WITHDRAW: "Say that the authority no longer takes part",
    Verb.TENDER_DRAFT: "Start a tender",
    Verb.TENDER_EDIT: "Change a tender",
    Verb.TENDER_STAGE: "Set the stages of a tender by the competitive flexible procedure",
    Verb.TENDER_WEIGH: "Set the weights of a tender's criteria",
    Verb.TENDER_DEMAND: "Ask for a standard in a tender, or explain why not",
    Verb.TENDER_RECORD: "Record that a duty before a tender was met",
    Verb.TENDER_ATTACH: "Add a document to a tender",
    Verb.TENDER_DETACH: "Remove a document from a tender",
    Verb.TENDER_HAND_OVER: "Hand the lead of a tender over",
    Verb.TENDER_PUBLISH: "Publish a tender",
    Verb.TENDER_AMEND: "Publish a change to a tender",
    Verb.TENDER_CITE: "Record the number of a tender's notice on Find a Tender",
    Verb.TENDER_WITHDRAW: "Withdraw a tender before it is published",
    Verb.TENDER_CANCEL: "Cancel a published tender",
    Verb.PARTY_INVITE: "Invite an authority into a tender",
    Verb.PARTY_ACCEPT: "Join a tender for the authority",
    Verb.PARTY_DECLINE: "Decline to join a tender",
    Verb.PARTY_REVOKE: "Take back an invitation into a tender",
    Verb.PARTY_DESCRIBE: "Change the authority's share of a tender and its annex",
    Verb.PARTY_LEAVE: "Leave a tender that another authority leads",
    Verb.LOT_ADD: "Add a lot to a tender",
    Verb.LOT_CHANGE: "Change a lot of a tender",
    Verb.LOT_REMOVE: "Remove a lot from a tender",
    Verb.LOT_END: "End one lot of a published tender",
    Verb.TENDER_SEPARATE: "Begin a separate tender for each authority of one that ended",
    Verb.CRITERION_ADD: "Add a criterion to a tender",
    Verb.CRITERION_CHANGE: "Change a criterion of a tender",
    Verb.CRITERION_REMOVE: "Remove a criterion from a tender",
    Verb.APPROVAL_GIVE: "Approve a part of a tender for the authority",
    Verb.APPROVAL_OBJECT: "Ask for a change to a part of a tender",
    Verb.COMMENT_ADD: "Comment on a tender that is being prepared",
    Verb.COMMENT_RESOLVE: "Mark a comment on a tender as resolved",
    Verb.CLARIFICATION_ASK: "Ask a question about a tender",
    Verb.CLARIFICATION_ANSWER: "Draft the answer to a question about a tender",
    Verb.CLARIFICATION_PUBLISH: "Publish a question about a tender and its answer",
    Verb.CLARIFICATION_DECLINE: "Decline a question about a tender",
    Verb.CLARIFICATION_MERGE: "Merge a question about a tender into another",
    Verb.TENDER_CITE: "Record the number of a tender's notice on Find a Tender",
    Verb.BID_START: "Begin a bid for a tender",
    Verb.BID_EDIT: "Write a bid",
    Verb.BID_ATTACH: "Add a file to a bid",
    Verb.BID_DETACH: "Remove a file from a bid",
    Verb.BID_SUBMIT: "Submit a bid",
    Verb.BID_CONFIRM: "Confirm a bid after a tender was amended",
    Verb.BID_WITHDRAW: "Withdraw a bid before the deadline",
    Verb.OPENING_EXCUSE: "Say why bids are opened although questions are not answered",
    Verb.OPENING_BEGIN: "Begin to open the bids for a tender",
    Verb.CHOICE_RECORD: "Record whether a bidder goes on to the next stage",
    Verb.CHOICE_TELL: "Tell all bidders of a stage whether they go on",
    Verb.CHOICE_REVOKE: "Take back that a bidder goes on to the next stage",
    Verb.OPENING_FINISH: "Open the bids for a tender, with another authority",
    Verb.EVALUATION_BEGIN: "Have the panel of a tender begin to score",
    Verb.SEAT_OFFER: "Offer seats on the panel of a tender",
    Verb.SEAT_NAME: "Name somebody for a seat on a panel",
    Verb.SEAT_INVITE: "Invite an expert to a seat on a panel",
    Verb.SEAT_CLEAR: "Let somebody with a declared interest sit on a panel",
    Verb.SEAT_BAR: "Have somebody with a declared interest stand aside",
    Verb.SEAT_END: "End a seat on a panel",
    Verb.EXCHANGE_ANSWER: "Answer a question about a bid",
    Verb.AWARD_RECOMMEND: "Recommend an award",
    Verb.AWARD_APPROVE: "Approve an award for the authority",
    Verb.AWARD_PART: "Part from an award",
    Verb.AWARD_INFORM: "Send every supplier its assessment summary",
    Verb.AWARD_CITE: "Record the notice of an award",
    Verb.AWARD_CONFIRM: "Confirm an award after its standstill",
    Verb.AWARD_SET_ASIDE: "Set an award aside",
    Verb.AWARD_END: "Decide to award nothing",
    Verb.SUMMARY_EDIT: "Change an assessment summary",
    Verb.SUMMARY_CHECK: "Check an assessment summary",
    Verb.PROCEEDINGS_RECORD: "Record proceedings about an award",
    Verb.PROCEEDINGS_END: "Record that proceedings about an award are over",
    Verb.CONTRACT_PREPARE: "Have the contracts of an award prepared",
    Verb.CONTRACT_EDIT: "Write what a contract says",
    Verb.CONTRACT_ATTACH: "Add a document to a contract",
    Verb.CONTRACT_DETACH: "Remove a document from a contract",
    Verb.CONTRACT_RELY: "Rely on an assessment for a contract",
    Verb.CONTRACT_SIGN: "Record that a contract was signed",
    Verb.CONTRACT_CITE: "Record what was due of a contract",
    Verb.CONTRACT_CHANGE: "Change a signed contract",
    Verb.CONTRACT_EXTEND: "Decide on the extension of a contract",
    Verb.CONTRACT_END: "End a contract",
    Verb.CONTRACT_REPORT: "Record a breach or poor performance under a contract",
    Verb.CONTRACT_CORRECT: "Correct what was recorded of a breach or poor performance",
    Verb.CALLOFF_PROPOSE: "Propose a call-off",
    Verb.CALLOFF_APPROVE: "Approve a call-off for the authority",
    Verb.CALLOFF_DECLINE: "Decline a call-off",
    Verb.CALLOFF_CANCEL: "Cancel a call-off",
    Verb.MILESTONE_ADD: "Add a milestone to a contract",
    Verb.MILESTONE_MEET: "Record that a milestone was met",
    Verb.REVIEW_WRITE: "Review the delivery of a contract",
    Verb.REVIEW_ANSWER: "Answer a review of a contract",
    Verb.DELIVERY_RETRY: "Have a failed delivery tried again",
    Verb.MAIL_RETRY: "Have a mail that failed sent again",
}

_ONESELF, _OURS, _COLLEAGUE, _OTHERS, _STRANGER = (UUID(int=n) for n in range(1, 6))


@dataclass(frozen=True, slots=True)
class _Thing:
    """Something made up that belongs to an organisation and is about a person."""

    organisation: Organisation
    person_id: UUID
    challenge: "_Thing | None" = None
    belongs_to: "_Thing | None" = None
    id: UUID = _STRANGER
    partners: tuple[str, ...] = (str(_OURS),)  # we take part in every tender
    assessor_id: UUID = _ONESELF  # whoever asks has taken it
    # What a seat on a panel allows is no matter of roles.
    sitting: Mapping[str, str] = field(default_factory=dict)
    expert: bool = False
    parties: tuple[str, ...] = (str(_OURS),)  # every lot is for us, and every contract ours to sign
    supplier_id: UUID = _OURS
    begun_for_id: UUID = _OTHERS  # which authority began to open the bids

    @property
    def organisation_id(self) -> UUID:
        return self.organisation.id

    @property
    def kind(self) -> Kind:
        return self.organisation.kind

    @property
    def tender(self) -> "_Thing":
        return self.belongs_to or self

    @property
    def contract(self) -> "_Thing":
        return self

    @property
    def party(self) -> "_Thing":
        return self


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what can be done, and for each column whether it may."""

    does: str
    may: tuple[bool, ...]


def choices(kind: Kind) -> list[tuple[str, str, str]]:
    """The roles of a kind of organisation, to tick: value, name, and what each allows."""
    return [(role.value, role.capitalize(), ALLOWS[kind][role]) for role in OFFERED[kind]]


def in_words(roles: Iterable[Role], value_limit: Decimal | None = None) -> str:
    """Such as "Author, approver up to £50,000"."""
    held = set(roles)
    words = [
        f"{role} up to {pounds(value_limit)}"
        if role is Role.APPROVER and value_limit is not None
        else role.value
        for role in Role
        if role in held
    ]
    text = ", ".join(words) or MEMBER
    return text[0].upper() + text[1:]


def table(kind: Kind) -> tuple[list[str], list[Row]]:
    """Who can do what in this kind of organisation: the columns' roles and the lines.

    What nobody of it can do has no line, and neither has what everybody does for themselves.
    """
    ours = Organisation(id=_OURS, name="", slug="", kind=kind)
    others = Organisation(id=_OTHERS, name="", slug="", kind=Kind.AUTHORITY)
    columns: list[tuple[str, frozenset[Role]]] = [(MEMBER, frozenset())]
    columns += [(role.capitalize(), frozenset({role})) for role in OFFERED[kind]]
    theirs = _Thing(others, _COLLEAGUE)
    things = [_Thing(whose, _COLLEAGUE, challenge=theirs) for whose in (ours, others)]
    things.append(_Thing(ours, _COLLEAGUE, belongs_to=theirs))  # our seat in a tender they lead
    alone = Actor("Somebody", Kind.PUBLIC, person_id=_ONESELF)
    rows = []
    for verb in Verb:
        if any(_may(alone, verb, (_Thing(ours, who),)) for who in (_ONESELF, _COLLEAGUE)):
            continue
        actors = [
            Actor("Somebody", kind, roles, person_id=_ONESELF, organisation_id=_OURS)
            for _, roles in columns
        ]
        may = tuple(_may(actor, verb, things) for actor in actors)
        if any(may):
            rows.append(Row(DOES[verb], may))
    return [title for title, _ in columns], rows


def _may(who: Actor, verb: Verb, things: Iterable[_Thing]) -> bool:
    """Whether it is allowed with any of the things."""
    return any(policy.refusal(who, verb, thing) is None for thing in things)
