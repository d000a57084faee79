"""Words that somebody may have meant: how many slips are forgiven, and how far words are apart."""

from collections.abc import Iterable


def forgiven(word: str) -> int:
    """How many slips a word may contain. Short words and anything with a digit must be exact."""
    if len(word) < 5 or not word.isalpha():
        return 0
    return 1 if len(word) < 9 else 2


def letters(word: str) -> int:
    """The letters of a word as a set of 63 bits: one slip changes at most two of them."""
    mask = 0
    for letter in word:
        mask |= 1 << (ord(letter) % 63)
    return mask


def distance(a: str, b: str) -> int:
    """The least number of letters left out, added, changed or swapped with the next one."""
    before: list[int] = []
    above = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]


def distance_to_beginning(typed: str, word: str) -> int:
    """How far what was typed is from the beginning of a word that may still go on."""
    lengths: Iterable[int] = range(len(typed) - 1, len(typed) + 2)
    return min(distance(typed, word[:length]) for length in lengths)
