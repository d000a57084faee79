"""Who is told of what is awarded, and in which words."""

from marketplace.news.words import BECAUSE, News, Quiet, Table
from marketplace.notifications.topics import Audience, Topic
from marketplace.verbs import Verb

AWARD, SUMMARY, OUTCOME = (
    "/tenders/{id}/workspace/award",
    "/tenders/{id}/summary",
    "/tenders/{id}/outcome",
)
LISTED = Quiet("the page of the award shows it, and the history who did it")


def _partners(subject: str, *body: str) -> News:
    return News(Audience.PARTNERS, Topic.AWARDS, subject, body, AWARD)


def _everybody(subject: str, *body: str) -> tuple[News, ...]:
    return (
        _partners(subject, *body),
        *(
            News(whom, Topic.AWARDS, subject, body, OUTCOME)
            for whom in (Audience.BIDDERS, Audience.WATCHERS)
        ),
    )


NEWS: Table = {
    Verb.AWARD_RECOMMEND: (
        _partners(
            "Approve the award of {lot}: {tender}",
            "{who} recommends an award. Each authority of the lot approves it, or parts from it.",
        ),
    ),
    Verb.AWARD_APPROVE: (_partners("{by} approved the award of {lot}: {tender}"),),
    Verb.AWARD_PART: (
        _partners(
            "{by} parted from the award of {lot}: {tender}",
            BECAUSE,
            "Its share falls to the others, so each of them approves the award anew.",
        ),
    ),
    Verb.AWARD_INFORM: (
        News(
            Audience.ASSESSED,
            Topic.AWARDS,
            "Read how your bid was assessed: {tender}",
            ("Your assessment summary is there, with your scores and the reasons.",),
            SUMMARY,
        ),
        _partners("Suppliers were told of the award of {lot}: {tender}"),
    ),
    Verb.AWARD_CITE: _everybody(
        "The award of {lot} is published: {tender}", "Standstill ends at the end of {until}."
    ),
    Verb.AWARD_CONFIRM: (
        _partners(
            "Prepare and sign the contracts for {lot}: {tender}", "{who} confirmed the award."
        ),
        News(
            Audience.BIDDERS, Topic.AWARDS, "The award of {lot} is confirmed: {tender}", (), OUTCOME
        ),
    ),
    Verb.AWARD_SET_ASIDE: (
        _partners("The award of {lot} was set aside: {tender}", BECAUSE),
        News(
            Audience.ASSESSED,
            Topic.AWARDS,
            "The award of {lot} was set aside: {tender}",
            (),
            OUTCOME,
        ),
    ),
    Verb.AWARD_END: _everybody("Nothing is awarded of {lot}: {tender}", BECAUSE),
    Verb.TENDER_REMIND: (
        News(
            Audience.LEADERS,
            Topic.AWARDS,
            "Record what came of it: {tender}",
            ("The deadline passed on {closes_at}, and no outcome is recorded.",),
            AWARD,
        ),
    ),
    Verb.SUMMARY_EDIT: LISTED,
    Verb.SUMMARY_CHECK: LISTED,
    Verb.PROCEEDINGS_RECORD: (
        _partners(
            "Proceedings about the award of {lot}: {tender}",
            "{who} recorded them. The page of the award says whether they stop the signature.",
        ),
    ),
    Verb.PROCEEDINGS_END: (
        _partners("Proceedings about the award of {lot} are over: {tender}", "{outcome}"),
    ),
}
