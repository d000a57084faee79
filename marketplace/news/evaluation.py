"""Who is told of the evaluation of bids: who has to do something, and nobody what others gave."""

from marketplace.news.words import Letter, News, Quiet, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

EVALUATION, RANKING = (
    "/tenders/{id}/workspace/evaluation",
    "/tenders/{id}/workspace/evaluation/ranking",
)
SHOWN = Quiet("the pages of the evaluation show it to those who sit")


def _to_do(whom: Audience, subject: str, *body: str, href: str = EVALUATION) -> tuple[News, ...]:
    return (News(whom, Topic.NEEDS_YOU, subject, body, href),)


NEWS: Table = {
    Verb.SEAT_OFFER: _to_do(
        Audience.SEAT_GIVERS,
        "Name somebody for the panel: {tender}",
        "{who} offers your organisation a seat.",
    ),
    Verb.SEAT_NAME: _to_do(
        Audience.SEATED,
        "Declare your interests: {tender}",
        "{who} named you for the panel that judges the bids.",
        "Before you see anything, declare your interests.",
    ),
    Verb.SEAT_INVITE: Letter("the expert's address"),
    Verb.SEAT_TAKE: SHOWN,
    Verb.SEAT_DECLARE: _to_do(
        Audience.LEADERS,
        "Decide on {outcome}: {tender}",
        "Whether {who} sits on the panel is for your authority to decide.",
    ),
    Verb.SEAT_CLEAR: (News(Audience.SEATED, Topic.TENDERS, "{outcome}: {tender}", (), EVALUATION),),
    Verb.SEAT_BAR: (News(Audience.SEATED, Topic.TENDERS, "{outcome}: {tender}", (), "/home"),),
    Verb.SEAT_END: Quiet("a change of seats tells only whoever is named"),
    Verb.EVALUATION_BEGIN: _to_do(
        Audience.SCORERS,
        "Score the bids: {tender}",
        "Score by yourself. Nobody sees your scores before all of a question are in.",
    ),
    Verb.QUESTION_CLOSE: _to_do(
        Audience.CHAIRS,
        "Agree on scores: {tender}",
        "The scores for a question are open to the panel.",
    ),
    Verb.EVALUATION_LOCK: SHOWN,
    Verb.EVALUATION_FINALISE: (
        News(
            Audience.PARTNERS,
            Topic.TENDERS,
            "The ranking is final: {tender}",
            ("{who} made it final.",),
            RANKING,
        ),
    ),
    Verb.SCORE_DRAFT: Quiet("a score is its giver's alone until it is sent"),
    Verb.SCORE_SEND: SHOWN,
    Verb.SCORE_AGREE: SHOWN,
    Verb.SCORE_OPINE: SHOWN,
    Verb.JUDGEMENT_MAKE: SHOWN,
    Verb.EXCHANGE_ASK: _to_do(
        Audience.ASKED_BIDDER,
        "Answer a question about your bid: {tender}",
        "The panel asks. The page says until when you can answer.",
        href="/tenders/{id}/bid/exchanges",
    ),
    Verb.EXCHANGE_ANSWER: (
        News(
            Audience.PANEL_ASKERS,
            Topic.TENDERS,
            "A bidder answered: {tender}",
            ("Read the answer under the bidder's number.",),
            "/tenders/{id}/workspace/evaluation/exchanges",
        ),
    ),
    Verb.DISREGARD_MAKE: SHOWN,
    Verb.DISREGARD_DROP: _to_do(
        Audience.SCORERS,
        "A bid is considered again: {tender}",
        "Score it, where you have sent scores without it.",
    ),
}
