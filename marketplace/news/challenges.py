"""Who is told of what becomes of challenges, and in which words."""

from marketplace.news.words import DRAFTING, News, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

CHALLENGE, EDITING, REVIEW = "/challenges/{id}", "/challenges/{id}/edit", "/challenges/{id}/review"
UNTIL = "It is open until the end of {closes} (UK time)."


def _outcome(what: str) -> tuple[News, ...]:
    """What came of a challenge."""
    words = Topic.CHALLENGES, f"{what}: {{challenge}}", ("{who} says: {outcome}",), CHALLENGE
    return tuple(
        News(whom, *words) for whom in (Audience.AUTHORS, Audience.JOINED, Audience.WATCHERS)
    )


def _taking_part(subject: str, *body: str) -> tuple[News, ...]:
    words = Topic.CHALLENGES, subject, body, CHALLENGE
    return News(Audience.AUTHORS, *words), News(Audience.JOINED, *words)


NEWS: Table = {
    Verb.CHALLENGE_DRAFT: DRAFTING,
    Verb.CHALLENGE_EDIT: DRAFTING,
    Verb.CHALLENGE_ATTACH: DRAFTING,
    Verb.CHALLENGE_DETACH: DRAFTING,
    Verb.CHALLENGE_DISCARD: DRAFTING,
    Verb.CHALLENGE_SUBMIT: (
        News(
            Audience.CURATORS,
            Topic.NEEDS_YOU,
            "Review: {challenge}",
            ("{authority} sent it to be published.", "Publish it or ask for edits."),
            REVIEW,
        ),
        News(
            Audience.AUTHORS,
            Topic.CHALLENGES,
            "Sent to LOTI: {challenge}",
            ("{who} sent it to be published.",),
            CHALLENGE,
        ),
    ),
    Verb.CHALLENGE_RETURN: (
        News(
            Audience.AUTHORS,
            Topic.NEEDS_YOU,
            "Edit: {challenge}",
            ("LOTI asks for edits: {remark}", "Send it again when that is done."),
            EDITING,
        ),
    ),
    Verb.CHALLENGE_APPROVE: (
        News(
            Audience.AUTHORS,
            Topic.CHALLENGES,
            "Published: {challenge}",
            ("Tell colleagues in other boroughs.", UNTIL),
            CHALLENGE,
        ),
        News(
            Audience.NEIGHBOURS,
            Topic.CHALLENGES,
            "Say if you need this too: {challenge}",
            ("{authority} looks for authorities to buy with.", UNTIL),
            CHALLENGE,
        ),
        News(
            Audience.MAKERS,
            Topic.CHALLENGES,
            "{authority} needs this: {challenge}",
            ("See whether what you offer answers it.", UNTIL),
            CHALLENGE,
        ),
    ),
    Verb.CHALLENGE_CLOSE: (
        News(
            Audience.AUTHORS,
            Topic.NEEDS_YOU,
            "Say what came of it: {challenge}",
            ("It has closed. Whoever joined waits to hear what comes of it.",),
            CHALLENGE,
        ),
        News(
            Audience.JOINED,
            Topic.CHALLENGES,
            "Closed: {challenge}",
            ("{authority} now says what comes of it.",),
            CHALLENGE,
        ),
        News(
            Audience.WATCHERS,
            Topic.CHALLENGES,
            "Closed: {challenge}",
            ("{authority} now says what comes of it.",),
            CHALLENGE,
        ),
    ),
    Verb.CHALLENGE_TAKE: _outcome("Taken into a tender"),
    Verb.CHALLENGE_PILOT: _outcome("Being piloted"),
    Verb.CHALLENGE_SHARE: _outcome("What was learnt"),
    Verb.CHALLENGE_DROP: _outcome("Dropped"),
    Verb.CHALLENGE_WITHDRAW: _outcome("Withdrawn"),
    Verb.COMMITMENT_MAKE: _taking_part("{by} has joined: {challenge}", "{by} is {level}."),
    Verb.COMMITMENT_CHANGE: _taking_part(
        "{by} changed what it said: {challenge}", "{by} is {level}."
    ),
    Verb.COMMITMENT_WITHDRAW: _taking_part("{by} no longer takes part: {challenge}"),
}
