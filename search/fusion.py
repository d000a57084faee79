"""Several rankings of the same documents made into one."""

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

SMOOTHING = 15  # how little the first place counts over the second; 5 to 60 rank much alike
DEPTH = 200  # places of a ranking that count


def reciprocal_ranks(*rankings: Scores) -> Scores:
    """Reciprocal rank fusion: 1 for what is first in every ranking, 0 for what is in none.

    A score of 0 or less is no place in that ranking. Ties are broken by position.
    """
    fused = np.zeros_like(rankings[0])
    for scores in rankings:
        placed = best(scores, DEPTH)
        fused[placed] += SMOOTHING / (SMOOTHING + np.arange(len(placed)))
    return fused / len(rankings)


def best(scores: Scores, most: int) -> NDArray[np.intp]:
    """The positions of the highest scores above 0, best first, at most so many."""
    candidates = np.flatnonzero(scores > 0)
    if len(candidates) > most:
        kth = np.partition(scores[candidates], -most)[-most]
        candidates = candidates[scores[candidates] >= kth]
    return candidates[np.argsort(-scores[candidates], kind="stable")][:most]
