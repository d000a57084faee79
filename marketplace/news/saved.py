"""Who is told of what saved searches find, and in which words."""

from marketplace.news.words import OWN_DOING, News, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

NEWS: Table = {
    Verb.SEARCH_SAVE: OWN_DOING,
    Verb.SEARCH_CHANGE: OWN_DOING,
    Verb.SEARCH_DELETE: OWN_DOING,
    Verb.ALERT_RAISE: (
        News(
            Audience.SEARCHERS,
            Topic.SEARCHES,
            "New {kind}: {thing}",
            (
                "It is open until the end of {closes} (UK time).",
                "Bids can be submitted until {closes_at}.",
            ),
            "/{kind}s/{id}",
        ),
    ),
    Verb.WATCH_BEGIN: OWN_DOING,
    Verb.WATCH_END: OWN_DOING,
}
