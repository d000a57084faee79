"""The history of a tender in words."""

from collections.abc import Mapping

from auth.actor import Actor
from marketplace.core.journal import Event
from marketplace.core.timeline import Entry, by
from marketplace.law import checklist
from marketplace.tenders.models import Part
from marketplace.verbs import Verb

TITLES: Mapping[str, str] = {
    Verb.TENDER_DRAFT: "Started",
    Verb.TENDER_EDIT: "Changed",
    Verb.TENDER_STAGE: "Stages changed",
    Verb.TENDER_WEIGH: "Weights changed",
    Verb.TENDER_DEMAND: "Standard decided",
    Verb.TENDER_RECORD: "Checklist recorded",
    Verb.TENDER_ATTACH: "Document added",
    Verb.TENDER_DETACH: "Document removed",
    Verb.TENDER_HAND_OVER: "Lead handed over",
    Verb.TENDER_PUBLISH: "Published",
    Verb.TENDER_AMEND: "Amended",
    Verb.TENDER_WITHDRAW: "Withdrawn",
    Verb.TENDER_CANCEL: "Cancelled",
    Verb.TENDER_CITE: "Notice number recorded",
    Verb.PARTY_INVITE: "Invited",
    Verb.PARTY_ACCEPT: "Takes part",
    Verb.PARTY_DECLINE: "Declined to take part",
    Verb.PARTY_REVOKE: "Invitation taken back",
    Verb.PARTY_DESCRIBE: "Changed what it brings",
    Verb.PARTY_LEAVE: "No longer takes part",
    Verb.LOT_ADD: "Lot added",
    Verb.LOT_CHANGE: "Lot changed",
    Verb.LOT_REMOVE: "Lot removed",
    Verb.LOT_END: "Lot ended",
    Verb.TENDER_SEPARATE: "Separate tenders begun",
    Verb.CRITERION_ADD: "Criterion added",
    Verb.CRITERION_CHANGE: "Criterion changed",
    Verb.CRITERION_REMOVE: "Criterion removed",
    Verb.APPROVAL_GIVE: "Approved",
    Verb.APPROVAL_OBJECT: "Asked for a change",
    Verb.COMMENT_ADD: "Commented",
    Verb.COMMENT_RESOLVE: "Comment resolved",
    Verb.CLARIFICATION_ASK: "A supplier asked a question",
    Verb.CLARIFICATION_ANSWER: "Answer drafted",
    Verb.CLARIFICATION_PUBLISH: "Question and answer published",
    Verb.CLARIFICATION_DECLINE: "Question declined",
    Verb.CLARIFICATION_MERGE: "Question merged with another",
    Verb.OPENING_EXCUSE: "Opening before all questions are answered",
    Verb.OPENING_BEGIN: "Opening of bids begun",
    Verb.OPENING_FINISH: "Bids opened",
    Verb.CHOICE_RECORD: "Recorded whether a bidder goes on",
    Verb.CHOICE_TELL: "Bidder told whether it goes on",
    Verb.CHOICE_REVOKE: "Took back that a bidder goes on",
    Verb.BID_OPEN: "Bid opened",
    Verb.SEAT_OFFER: "Seat on the panel offered",
    Verb.SEAT_NAME: "Named for the panel",
    Verb.SEAT_INVITE: "Expert invited to the panel",
    Verb.SEAT_TAKE: "Seat on the panel taken",
    Verb.SEAT_DECLARE: "Interests declared",
    Verb.SEAT_CLEAR: "Sits on the panel",
    Verb.SEAT_BAR: "Stands aside from the panel",
    Verb.SEAT_END: "Seat on the panel ended",
    Verb.EVALUATION_BEGIN: "Scoring begun",
    Verb.QUESTION_CLOSE: "Scores open to the panel",
    Verb.SCORE_SEND: "Scores sent",
    Verb.SCORE_AGREE: "Score agreed on",
    Verb.SCORE_OPINE: "Assented to an agreed score, or dissented",
    Verb.JUDGEMENT_MAKE: "Standard judged",
    Verb.DISREGARD_MAKE: "A bid is no longer considered",
    Verb.DISREGARD_DROP: "A bid is considered again",
    Verb.EVALUATION_LOCK: "Quality locked",
    Verb.EVALUATION_FINALISE: "Ranking final",
    Verb.EXCHANGE_ANSWER: "A bidder answered a question about its bid",
    Verb.EXCHANGE_ASK: "A bidder was asked about its bid",
    Verb.TENDER_REMIND: "Reminded of an outcome that is late",
    Verb.AWARD_RECOMMEND: "Award recommended",
    Verb.AWARD_APPROVE: "Award approved",
    Verb.AWARD_PART: "Parted from an award",
    Verb.AWARD_INFORM: "Summaries sent",
    Verb.AWARD_CITE: "Award notice recorded",
    Verb.AWARD_CONFIRM: "Award confirmed",
    Verb.AWARD_SET_ASIDE: "Award set aside",
    Verb.AWARD_END: "Nothing awarded",
    Verb.SUMMARY_EDIT: "Summary worded",
    Verb.SUMMARY_CHECK: "Summary checked",
    Verb.PROCEEDINGS_RECORD: "Proceedings recorded",
    Verb.PROCEEDINGS_END: "Proceedings over",
}

SAID = (
    *("lot", "supplier", "notice", "number", "question", "title", "name", "standard"),
    *("authority", "message", "because", "outcome"),
)


def told(event: Event, to: Actor) -> Entry:
    """The event for this reader."""
    return Entry(TITLES.get(event.verb, event.verb), event.created_at, by(event, to), _facts(event))


def _facts(event: Event) -> str:
    facts = event.facts
    said = []
    if part := facts.get("part"):
        number = facts.get("version")
        said.append(f"{Part(part).label}{f', version {number}' if number else ''}")
    if lead := facts.get("lead"):
        said.append(f"{lead} leads now, no longer {facts.get('before')}")
    if duty := facts.get("duty"):
        said.append(checklist.said(str(duty)))
    for name in SAID:
        if text := facts.get(name):
            said.append(str(text))
    if first := facts.get("first"):
        said.append(f"Begun by {first}")
    for bid in facts.get("bids", ()):
        said.append(f"Fingerprint {bid['sha256']}")
    if reason := facts.get("reason"):
        said.append(str(reason))
    return ". ".join(said)
