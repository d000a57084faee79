"""Who is told of shortlists."""

from marketplace.news.words import Quiet, Table
from marketplace.verbs import Verb

WITHIN = Quiet("only its authority sees a shortlist, and every note would be news")

NEWS: Table = {
    Verb.SHORTLIST_START: WITHIN,
    Verb.SHORTLIST_RENAME: WITHIN,
    Verb.SHORTLIST_KEEP: WITHIN,
    Verb.SHORTLIST_NOTE: WITHIN,
    Verb.SHORTLIST_REMOVE: WITHIN,
    Verb.SHORTLIST_DISCARD: WITHIN,
    Verb.SHORTLIST_FREEZE: WITHIN,
}
