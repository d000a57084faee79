"""Who is told of what, and in which words: one line a verb, beside policy.

An event of a verb is told to each audience in its own words; a person who is in several is told
once, in the words of the first. The words are filled in when they are read or sent, from the event
and the thing as the reader may see it then. A sentence that needs what is not known is left out.
"""

from marketplace.news import (
    awards,
    bids,
    catalogue,
    challenges,
    claims,
    contracts,
    evaluation,
    people,
    saved,
    shortlists,
    standards,
    tenders,
)
from marketplace.news.words import Letter, News, Quiet, Table

__all__ = ["NEWS", "Letter", "News", "Quiet"]

NEWS: Table = {
    **people.NEWS,
    **standards.NEWS,
    **catalogue.NEWS,
    **claims.NEWS,
    **challenges.NEWS,
    **saved.NEWS,
    **shortlists.NEWS,
    **tenders.NEWS,
    **bids.NEWS,
    **evaluation.NEWS,
    **awards.NEWS,
    **contracts.NEWS,
}
