"""What news is about, for people to choose how often they want mail of it, and whom it is for."""

from enum import StrEnum

from marketplace.notifications.models import Rhythm


class Topic(StrEnum):
    """What news is about, as people choose how often they want mail of it."""

    label: str
    hint: str
    usual: Rhythm

    # the defaults are for type checkers, which take Topic("account") for a call of this
    def __new__(
        cls, slug: str, label: str = "", hint: str = "", usual: Rhythm = Rhythm.DAILY
    ) -> "Topic":
        topic = str.__new__(cls, slug)
        topic._value_ = slug
        topic.label, topic.hint, topic.usual = label, hint, usual
        return topic

    NEEDS_YOU = (
        "needs-you",
        "What needs you",
        "Something waits until you, or somebody in the same role, act on it.",
        Rhythm.AT_ONCE,
    )
    CHALLENGES = (
        "challenges",
        "Challenges",
        "Who joins, what is published in your areas of work, and what comes of it.",
    )
    TENDERS = (
        "tenders",
        "Tenders",
        "Invitations, approvals, what is published and amended, questions and answers.",
    )
    AWARDS = (
        "awards",
        "Awards",
        "What waits for your agreement, how bids were assessed, who won, and standstill.",
        Rhythm.AT_ONCE,
    )
    CONTRACTS = (
        "contracts",
        "Contracts",
        "What is signed, changed, called off or due of your contracts.",
    )
    PRODUCTS = (
        "products",
        "Products and suppliers",
        "What is listed, paused or retired, and which suppliers come in.",
    )
    STANDARDS = (
        "standards",
        "Standards and claims",
        "What is published, withdrawn, found or ends of what you claim or rely on.",
    )
    ORGANISATION = (
        "organisation",
        "Your organisation and its people",
        "Who joins or leaves, whose roles change, and what LOTI corrects.",
    )
    SEARCHES = (
        "searches",
        "Your saved searches",
        "What they find. Each has a rhythm of its own; “Never” here stops the mail of all.",
    )
    ACCOUNT = (
        "account",
        "Your own account",
        "What you may do and for whom, and how you sign in.",
        Rhythm.AT_ONCE,
    )


class Audience(StrEnum):
    """People to tell. The value says who they are, `why` what each reads as the reason."""

    why: str

    def __new__(cls, whom: str, why: str = "") -> "Audience":
        audience = str.__new__(cls, whom)
        audience._value_ = whom
        audience.why = why
        return audience

    AUTHORS = "the challenge's authors", "you write challenges for {organisation}"
    JOINED = "authors and approvers of the authorities that joined", "{organisation} takes part"
    NEIGHBOURS = (
        "authors and approvers of authorities at work in the same area",
        "{organisation} has challenges in the area {area}",
    )
    MAKERS = (
        "managers of suppliers with a product for the area",
        "{product} is made for the area {area}",
    )
    MANAGERS = "the supplier's managers", "you manage products for {organisation}"
    USERS = (
        "authors and approvers of the authorities that are said to use the product",
        "{organisation} is named as using it",
    )
    CLAIMANTS = (
        "managers of the supplier that claims it",
        "you manage products for {organisation}",
    )
    RELIANTS = (
        "authors and approvers of the authorities that rely on it",
        "{organisation} relies on it",
    )
    ASSESSORS = "LOTI's assessors", "you are an assessor of {organisation}"
    HELD = (
        "managers of suppliers with a listed product that the standard applies to",
        "{product} is held to it",
    )
    CURATORS = "LOTI's curators", "you are a curator of {organisation}"
    ADMINISTRATORS = (
        "the organisation's administrators",
        "you are an administrator of {organisation}",
    )
    SUPPORT = (
        "LOTI's support, when the organisation has no administrator",
        "LOTI decides for an organisation without an administrator",
    )
    EVERYBODY = "everybody who acts for the organisation", "you act for {organisation}"
    THEMSELVES = "the person it is about", "it is about you"
    PARTNERS = (
        "authors and approvers of the authorities in the tender",
        "{organisation} takes part in the tender",
    )
    INVITED = (
        "authors and approvers of the authority that is invited",
        "{organisation} is asked to take part",
    )
    MENTIONED = "whoever the comment names", "somebody wrote your name"
    ASKERS = "managers of suppliers that asked about the tender", "{organisation} asked about it"
    ASKER = "managers of the supplier that asked", "{organisation} asked it"
    SEATED = "whoever a seat on a panel is for", "you have a seat on the panel"
    SEAT_GIVERS = (
        "authors and approvers of the authority that a seat on a panel is offered to",
        "{organisation} is offered a seat on the panel",
    )
    LEADERS = (
        "authors and approvers of the authority that leads the tender",
        "{organisation} leads the tender",
    )
    SCORERS = "the evaluators on the panel", "you score the bids"
    CHAIRS = "the chair of the panel", "you chair the panel"
    PANEL_ASKERS = (
        "the chair and the procurement officers of the panel",
        "you ask bidders for the panel",
    )
    ASKED_BIDDER = "managers of the supplier that is asked about its bid", "{organisation} bid"
    BIDDER = "managers of the supplier whose bid was opened", "{organisation} bid"
    CHOSEN = "managers of the supplier that goes on or not", "{organisation} bid"
    BIDDERS = "managers of the suppliers whose bids were opened", "{organisation} bid"
    ASSESSED = (
        "managers of suppliers that got a summary of this award",
        "the bid of {organisation} was assessed",
    )
    CONTRACTING = (
        "authors and approvers of the authorities that sign the contract",
        "it is a contract of {organisation}",
    )
    CONTRACTED = "managers of the contract's supplier", "it is a contract of {organisation}"
    CALLING_OFF = (
        "authors and approvers of the authority that calls off",
        "{organisation} calls off under it",
    )
    RELYING_CONTRACTS = (
        "authors and approvers of authorities with a contract that relies on it",
        "a contract of {organisation} relies on it",
    )
    SEARCHERS = "people with a search that finds it", "your saved search {search} finds it by {by}"
    WATCHERS = "people who watch it", "you watch it"
    UPLOADER = "whoever uploaded the file", "you uploaded the file"
