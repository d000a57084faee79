"""Who is told of bids: nobody before they are opened, because even that there is one is sealed."""

from marketplace.news.words import News, Quiet, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

BIDS, OWN = "/tenders/{id}/workspace/bids", "/tenders/{id}/bid"
SEALED = Quiet("it is sealed until it is opened; its bidder gets a sealed letter")

NEWS: Table = {
    Verb.BID_START: SEALED,
    Verb.BID_EDIT: SEALED,
    Verb.BID_ATTACH: SEALED,
    Verb.BID_DETACH: SEALED,
    Verb.BID_SUBMIT: SEALED,
    Verb.BID_CONFIRM: SEALED,
    Verb.BID_WITHDRAW: SEALED,
    Verb.BID_OPEN: (
        News(Audience.BIDDER, Topic.TENDERS, "Your bid was opened: {tender}", (), OWN),
    ),
    Verb.CHOICE_RECORD: Quiet("the list of bids shows it, and bidders are told all at one moment"),
    Verb.CHOICE_TELL: (
        News(
            Audience.CHOSEN,
            Topic.TENDERS,
            "It is decided whether you go on: {tender}",
            ("The answer and its reason stand on the page of your bid.",),
            OWN,
        ),
    ),
    Verb.CHOICE_REVOKE: (
        News(
            Audience.CHOSEN,
            Topic.TENDERS,
            "You do not go on any more: {tender}",
            ("It was taken back. The reason stands on the page of your bid.",),
            OWN,
        ),
    ),
    Verb.OPENING_EXCUSE: Quiet("it stands beside the opening and in the history"),
    Verb.OPENING_BEGIN: (
        News(
            Audience.PARTNERS,
            Topic.NEEDS_YOU,
            "Open the bids: {tender}",
            (
                "{who} has begun.",
                "Somebody of another authority has to finish the opening.",
            ),
            BIDS,
        ),
    ),
    Verb.OPENING_FINISH: (
        News(
            Audience.PARTNERS,
            Topic.TENDERS,
            "The bids are open: {tender}",
            ("{who} finished the opening.",),
            BIDS,
        ),
    ),
}
