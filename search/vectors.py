"""Texts as vectors: near in meaning is near in space. The seam for another model, and ours."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from math import log
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open
from tokenizers import Tokenizer

from search.words import folded, telling

Matrix = NDArray[np.float32]
Weigh = Callable[[str], float]  # how much a folded word says; a model of sentences may ignore it


class Embedder(Protocol):
    """Turns texts into unit vectors, one row a text; a text without words is a row of zeros.

    The name changes whenever the vectors do: an index holds vectors of one name only.
    """

    name: str
    size: int

    def __call__(self, texts: Sequence[str], weigh: Weigh) -> Matrix: ...


def unit(rows: Matrix) -> Matrix:
    """The rows at length one; zeros stay zeros."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), np.float32)


class WordLlama:
    """Static word vectors from the files inside the wordllama package: 256 numbers a token.

    The files are read with the libraries that wordllama itself uses. Importing the package
    would take 0.7 s and 45 MB more, and would set up the root logger.
    """

    name = "wordllama-l2-supercat-256"
    size = 256

    def __init__(self) -> None:
        self._tokens = lru_cache(maxsize=20_000)(self._look_up)

    def __call__(self, texts: Sequence[str], weigh: Weigh) -> Matrix:
        rows = [self._one(text, weigh) for text in texts]
        return unit(np.array(rows, np.float32).reshape(len(rows), self.size))

    def _one(self, text: str, weigh: Weigh) -> Matrix:
        """Each word once, weighted by what it says and, dampened, by how often it stands there."""
        tokens: list[int] = []
        weights: list[float] = []
        for word, times in Counter(telling(folded(text))).items():
            found = self._tokens(word)
            tokens.extend(found)
            weights.extend([weigh(word) * (1 + log(times))] * len(found))
        rows = _files().rows[tokens].astype(np.float32)
        return np.asarray(weights, np.float32) @ rows

    def _look_up(self, word: str) -> list[int]:
        return list(_files().tokenizer.encode(word, add_special_tokens=False).ids)


class _Files(NamedTuple):
    tokenizer: Tokenizer
    rows: NDArray[np.float16]


@cache
def _files() -> _Files:
    """Read at the first text and then kept, once for all that a process has: they never change."""
    folder = _package_folder()
    with safe_open(folder / "weights/l2_supercat_256.safetensors", framework="np") as file:
        rows = file.get_tensor("embedding.weight")
    names = folder / "tokenizers/l2_supercat_tokenizer_config.json"
    return _Files(Tokenizer.from_file(str(names)), rows)


def _package_folder() -> Path:
    spec = find_spec("wordllama")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("The package wordllama is not installed.")
    return Path(spec.submodule_search_locations[0])
