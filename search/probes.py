"""Changes made to a query by rule, to see how much of an answer survives them."""

from collections.abc import Callable, Mapping
from hashlib import sha256

from search.synonyms import alternatives
from search.words import STOP_WORDS, Word, spans


def drop(word: str, at: int) -> str:
    return word[:at] + word[at + 1 :]


def swap(word: str, at: int) -> str:
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def double(word: str, at: int) -> str:
    return word[: at + 1] + word[at:]


SLIPS: tuple[Callable[[str, int], str], ...] = (drop, swap, double)


def typo(text: str) -> str:
    """The text with a slip in its longest word: which one, and where, goes by the word itself."""
    words = [word for word in spans(text) if word.folded.isalpha() and len(word.folded) > 4]
    telling = [word for word in words if word.folded not in STOP_WORDS]
    if not telling:
        return text
    return _with_slip(text, max(telling, key=lambda word: (len(word.folded), word.folded)))


def _with_slip(text: str, word: Word) -> str:
    drawn = sha256(word.folded.encode()).digest()
    slip, written = SLIPS[drawn[0] % len(SLIPS)], text[word.start : word.end]
    at = 1 + drawn[1] % (len(written) - 2)  # the first letter is seldom wrong
    return text[: word.start] + slip(written, at) + text[word.end :]


def synonym(text: str) -> str:
    """The text with every phrase of the table of synonyms under another name."""
    words = list(spans(text))
    pieces, at = [], 0
    for places, others in alternatives([word.folded for word in words]):
        if others:
            pieces += [text[at : words[places[0]].start], " ".join(others[0])]
            at = words[places[-1]].end
    return "".join([*pieces, text[at:]])


PROBES: Mapping[str, Callable[[str], str]] = {"typo": typo, "synonym": synonym}
