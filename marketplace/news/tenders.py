"""Who is told of what becomes of tenders and of questions about them, and in which words."""

from marketplace.news.words import DRAFTING, News, Quiet, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

TENDER, WORK = "/tenders/{id}", "/tenders/{id}/workspace"
PARTIES, QUESTIONS = "/tenders/{id}/workspace/parties", "/tenders/{id}/questions"
LISTED = Quiet("the list of what is missing shows it, and the history who did it")


def _partners(subject: str, *body: str, href: str = WORK) -> tuple[News, ...]:
    return (News(Audience.PARTNERS, Topic.TENDERS, subject, body, href),)


def _everybody(subject: str, *body: str) -> tuple[News, ...]:
    """For its authorities, the suppliers that asked about it or whose bids were opened, and whoever
    watches it. Whoever has a sealed bid gets a sealed letter.
    """
    told = (Audience.PARTNERS, Audience.BIDDERS, Audience.ASKERS, Audience.WATCHERS)
    return tuple(News(whom, Topic.TENDERS, subject, body, TENDER) for whom in told)


NEWS: Table = {
    Verb.TENDER_DRAFT: DRAFTING,
    Verb.TENDER_EDIT: DRAFTING,
    Verb.TENDER_STAGE: LISTED,
    Verb.TENDER_WEIGH: LISTED,
    Verb.TENDER_DEMAND: LISTED,
    Verb.TENDER_RECORD: LISTED,
    Verb.TENDER_ATTACH: LISTED,
    Verb.TENDER_DETACH: LISTED,
    Verb.TENDER_HAND_OVER: _partners(
        "{authority} leads now: {tender}", "{who} handed the lead over.", href=PARTIES
    ),
    Verb.TENDER_PUBLISH: _partners(
        "Published: {tender}", "It is open until {closes_at}.", href=TENDER
    ),
    Verb.TENDER_AMEND: _everybody(
        "Amended: {tender}", "What changes: {reason}", "It is open until {closes_at}."
    ),
    Verb.TENDER_CITE: LISTED,
    Verb.TENDER_WITHDRAW: _partners("Withdrawn: {tender}", "{who} says: {outcome}"),
    Verb.TENDER_CANCEL: _everybody("Cancelled: {tender}", "The reason: {outcome}"),
    Verb.PARTY_INVITE: (
        News(
            Audience.INVITED,
            Topic.TENDERS,
            "Answer the invitation: {tender}",
            ("{authority} asks your authority to take part.", "Accept or decline it."),
            PARTIES,
        ),
    ),
    Verb.PARTY_ACCEPT: _partners("{by} takes part: {tender}", href=PARTIES),
    Verb.PARTY_DECLINE: _partners(
        "{by} does not take part: {tender}", "The reason: {because}", href=PARTIES
    ),
    Verb.PARTY_REVOKE: LISTED,
    Verb.PARTY_DESCRIBE: LISTED,
    Verb.PARTY_LEAVE: _everybody("{by} no longer takes part: {tender}", "The reason: {because}"),
    Verb.LOT_ADD: LISTED,
    Verb.LOT_CHANGE: LISTED,
    Verb.LOT_REMOVE: LISTED,
    Verb.LOT_END: _everybody(
        "The lot {title} has ended: {tender}", "The reason: {because}", "The other lots go on."
    ),
    Verb.TENDER_SEPARATE: _partners(
        "Your own tender was begun: {tender}",
        "{who} began a tender for each authority after the one before ended.",
        "It is a draft that only your authority and LOTI see. Go on with it, or withdraw it.",
    ),
    Verb.CRITERION_ADD: LISTED,
    Verb.CRITERION_CHANGE: LISTED,
    Verb.CRITERION_REMOVE: LISTED,
    Verb.APPROVAL_GIVE: _partners("{by} approved {of_tender}: {tender}", href=PARTIES),
    Verb.APPROVAL_OBJECT: _partners(
        "{by} asks for a change to {of_tender}: {tender}", "{who} writes: {message}", href=PARTIES
    ),
    Verb.COMMENT_ADD: (
        News(
            Audience.MENTIONED,
            Topic.TENDERS,
            "{by} mentions you: {tender}",
            ("In a comment on {of_tender}.",),
            WORK,
        ),
    ),
    Verb.COMMENT_RESOLVE: LISTED,
    Verb.CLARIFICATION_ASK: _partners(
        "A supplier asks: {tender}",
        "Draft an answer. The authority that leads publishes it to everybody.",
        href="/tenders/{id}/workspace/questions",
    ),
    Verb.CLARIFICATION_ANSWER: LISTED,
    Verb.CLARIFICATION_PUBLISH: tuple(
        News(
            whom,
            Topic.TENDERS,
            "A question was answered: {tender}",
            ("The question: {question}", "Everybody can read the answer."),
            QUESTIONS,
        )
        for whom in (Audience.ASKERS, Audience.WATCHERS)
    ),
    Verb.CLARIFICATION_DECLINE: (
        News(
            Audience.ASKER,
            Topic.TENDERS,
            "Your question is not answered: {tender}",
            ("Read the reason beside your question.",),
            QUESTIONS,
        ),
    ),
    Verb.CLARIFICATION_MERGE: (
        News(
            Audience.ASKER,
            Topic.TENDERS,
            "Another supplier asked the same: {tender}",
            ("One answer is published for both questions.",),
            QUESTIONS,
        ),
    ),
}
