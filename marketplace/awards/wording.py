"""The words of the decisions about an award that cannot be taken back: what happens to whom."""

from dataclasses import dataclass

from marketplace.verbs import Verb


@dataclass(frozen=True, slots=True)
class Decision:
    verb: Verb
    title: str
    button: str
    consequences: tuple[str, ...]


PART = Decision(
    Verb.AWARD_PART,
    "Part from this award",
    "Part from it",
    (
        "Your authority gets no contract from this award. The others go on with theirs.",
        "Their shares grow by yours, so each of them approves again.",
        "You can begin a tender of your own from this one, with its specification.",
        "You cannot take this back.",
    ),
)
INFORM = Decision(
    Verb.AWARD_INFORM,
    "Tell every bidder",
    "Send all summaries",
    (
        "Every bidder whose tender was assessed is told at the same moment, by mail and on its own "
        "page (regulation 31).",
        "Each reads its own scores and reasons and, if it did not win, those of the winner; never "
        "those of another.",
        "Nothing of a summary can be changed afterwards. You cannot take this back.",
    ),
)
SET_ASIDE = Decision(
    Verb.AWARD_SET_ASIDE,
    "Set this award aside",
    "Set it aside",
    (
        "No contract of this award can be signed any more. It stays in the record.",
        "The next bid of the ranking can be recommended.",
        "Bidders that were told of it are told that it was set aside.",
    ),
)
