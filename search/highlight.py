"""The words that were found, marked; and the part of a long text where they stand closest."""

from collections.abc import Sequence

from search.port import Marked
from search.words import Word, stem

EXCERPT = 240  # characters, give or take a word
MOST_READ = 20_000  # characters of a long text that are looked through
LEAD = 40  # characters shown before the first marked word


def mark(text: str, hits: Sequence[Word]) -> Marked:
    """The whole text, cut where these of its words begin and end."""
    return _pieces(text, 0, len(text), hits)


def excerpt(text: str, hits: Sequence[Word]) -> Marked:
    """About `EXCERPT` characters: where most of these of its words are, or else the beginning."""
    text = text[:MOST_READ]
    start = 0
    if len(text) > EXCERPT and hits:
        first = _densest(hits)
        if first > LEAD:
            blank = text.find(" ", first - LEAD, first)
            start = first if blank < 0 else blank + 1
    end = len(text)
    if end - start > EXCERPT:
        blank = text.rfind(" ", start, start + EXCERPT)
        end = blank if blank > start else start + EXCERPT
    pieces = _pieces(text, start, end, [hit for hit in hits if start <= hit.start < hit.end <= end])
    before = (("… ", False),) if start else ()
    after = ((" …", False),) if end < len(text) else ()
    return (*before, *pieces, *after)


def _densest(hits: Sequence[Word]) -> int:
    """Where the stretch begins that has the most different words within an excerpt's length."""
    window = EXCERPT - LEAD

    def different(first: int) -> int:
        reach = hits[first].start + window
        return len({stem(hit.folded) for hit in hits[first : first + 50] if hit.end <= reach})

    return hits[max(range(len(hits)), key=different)].start


def _pieces(text: str, start: int, end: int, hits: Sequence[Word]) -> Marked:
    pieces: list[tuple[str, bool]] = []
    at = start
    for hit in hits:
        pieces += [(text[at : hit.start], False), (text[hit.start : hit.end], True)]
        at = hit.end
    pieces.append((text[at:end], False))
    return tuple(piece for piece in pieces if piece[0])
