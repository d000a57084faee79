"""Who is told of standards, and in which words."""

from marketplace.news.words import BECAUSE, DRAFTING, News, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

STANDARD = "/standards/{id}"

NEWS: Table = {
    Verb.STANDARD_DRAFT: DRAFTING,
    Verb.STANDARD_EDIT: DRAFTING,
    Verb.STANDARD_DISCARD: DRAFTING,
    Verb.STANDARD_SUPERSEDE: (
        News(
            Audience.RELIANTS,
            Topic.STANDARDS,
            "A newer version is in force: {standard}",
            ("What you rely on was assessed against the version before, and still stands.",),
            STANDARD,
        ),
        News(
            Audience.CLAIMANTS,
            Topic.STANDARDS,
            "A newer version is in force: {standard}",
            ("What you claim stands for the version before. Claim the new one, too.",),
            STANDARD,
        ),
    ),
    Verb.STANDARD_PUBLISH: (
        News(
            Audience.HELD,
            Topic.STANDARDS,
            "Published: {standard}",
            ("It applies to what you list.", "What changed: {what_changed}"),
            STANDARD,
        ),
        News(
            Audience.CURATORS,
            Topic.STANDARDS,
            "Published: {standard}",
            ("{who} published it.", "What changed: {what_changed}"),
            STANDARD,
        ),
    ),
    Verb.STANDARD_WITHDRAW: (
        News(
            Audience.RELIANTS,
            Topic.STANDARDS,
            "Withdrawn: {standard}",
            ("What you rely on was assessed against it. Your record says so.", BECAUSE),
            STANDARD,
        ),
        News(
            Audience.HELD,
            Topic.STANDARDS,
            "Withdrawn: {standard}",
            ("What you list is not held to it any more.", BECAUSE),
            STANDARD,
        ),
        News(
            Audience.CURATORS,
            Topic.STANDARDS,
            "Withdrawn: {standard}",
            ("{who} withdrew it.", BECAUSE),
            STANDARD,
        ),
    ),
}
