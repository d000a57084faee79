"""Documents into the embedded engine's file, and out of it into a snapshot."""

import json
from collections import Counter
from collections.abc import Iterable
from itertools import islice
from sqlite3 import Connection

import numpy as np

from search.port import Document, as_number
from search.reading import Lexicon
from search.snapshot import Entry, Snapshot, Vectors
from search.storage import clear
from search.typos import letters
from search.vectors import Embedder, unit
from search.words import clean, folded, reference, stem

BATCH = 1000  # documents held in memory at once


def put(connection: Connection, documents: Iterable[Document], embed: Embedder) -> None:
    before = _last(connection)
    _insert(connection, documents, embed)
    _embed(connection, before, embed)


def drop(connection: Connection, ids: Iterable[str]) -> None:
    for id in ids:
        found = connection.execute("SELECT number FROM document WHERE id = ?", [clean(id)])
        if number := found.fetchone():
            connection.execute("INSERT INTO dropped (number) VALUES (?)", number)
            connection.execute("DELETE FROM document WHERE number = ?", number)
            connection.execute("DELETE FROM reference WHERE number = ?", number)
            query = "SELECT title || ' ' || body FROM entry WHERE rowid = ?"
            (stems,) = connection.execute(query, number).fetchone()
            _count_stems(connection, Counter(set(stems.split())), -1)
            connection.execute("DELETE FROM entry WHERE rowid = ?", number)


def replace(connection: Connection, documents: Iterable[Document], embed: Embedder) -> int:
    """Nobody else sees any of it before it is committed. Vectors come last, when every word's
    frequency is known."""
    before = _last(connection)
    clear(connection)
    waiting = iter(documents)
    while batch := list(islice(waiting, BATCH)):
        _insert(connection, batch, embed)
    _embed(connection, before, embed)
    connection.execute("INSERT INTO entry (entry) VALUES ('optimize')")
    connection.execute("UPDATE state SET filled = 1")
    return _count(connection)


def load(connection: Connection, known: Snapshot, version: int, vectors: Vectors) -> Snapshot:
    """The snapshot of this version, made from an earlier one of the same generation."""
    rows = connection.execute(
        "SELECT number, kind, title_words, audience, facets, at, numbers, vector FROM document"
        " WHERE number > ? ORDER BY number",
        [known.last],
    )
    while batch := rows.fetchmany(BATCH):
        known = known.extended(version, [_entry(*row) for row in batch], vectors)
    gone = connection.execute("SELECT entry, number FROM dropped WHERE entry > ?", [known.dropped])
    words = connection.execute(
        "SELECT letters, length(word) FROM word WHERE number > ? ORDER BY number",
        [len(known.letters)],
    )
    return known.without(version, gone.fetchall()).knowing(words.fetchall())


def _entry(
    number: int,
    kind: str,
    title_words: int,
    audience: str,
    facets: str,
    at: float,
    numbers: str,
    vector: bytes,
) -> Entry:
    known = json.loads(numbers) | {"at": at}
    return Entry(number, kind, title_words, json.loads(audience), json.loads(facets), known, vector)


def _insert(connection: Connection, documents: Iterable[Document], embed: Embedder) -> None:
    """Everything but the vectors that are to be computed. The last of an id given twice stays."""
    by_id = {document.id: document for document in documents}
    drop(connection, by_id)
    vocabulary: set[str] = set()
    documents_with: Counter[str] = Counter()
    for document in by_id.values():
        title, body = clean(document.title), clean(document.body)
        title_words, body_words = folded(title), folded(body)
        number = connection.execute(
            "INSERT INTO document"
            " (id, kind, title, body, name, title_words, audience, facets, at, numbers, vector)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                clean(document.id),
                document.kind,
                title,
                body,
                " ".join(title_words),
                len(title_words),
                json.dumps(sorted(document.audience)),
                json.dumps({name: list(values) for name, values in document.facets.items()}),
                as_number(document.at),
                json.dumps({name: as_number(one) for name, one in document.numbers.items()}),
                _given_vector(document, embed.size),
            ],
        ).lastrowid
        connection.execute(
            "INSERT INTO entry (rowid, title, body) VALUES (?, ?, ?)",
            [number, _stems(title_words), _stems(body_words)],
        )
        connection.executemany(
            "INSERT OR IGNORE INTO reference (number, reference) VALUES (?, ?)",
            ((number, one) for one in map(reference, document.references) if one),
        )
        words = {*title_words, *body_words}
        vocabulary |= words
        documents_with.update(set(map(stem, words)))
    connection.executemany(
        "INSERT OR IGNORE INTO word (word, stem, letters) VALUES (?, ?, ?)",
        ((word, stem(word), letters(word)) for word in vocabulary),
    )
    _count_stems(connection, documents_with, 1)


def _embed(connection: Connection, after: int, embed: Embedder) -> None:
    """Compute the vectors that are missing after that number."""
    lexicon = Lexicon(connection, _count(connection))
    query = (
        "SELECT number, title, body FROM document WHERE number > ? AND vector = x''"
        " ORDER BY number LIMIT ?"
    )
    while batch := connection.execute(query, [after, BATCH]).fetchall():
        made = embed([f"{title} {body}" for _, title, body in batch], lexicon.weight)
        connection.executemany(
            "UPDATE document SET vector = ? WHERE number = ?",
            [(row.tobytes(), number) for row, (number, _, _) in zip(made, batch, strict=True)],
        )
        after = batch[-1][0]


def _count_stems(connection: Connection, documents_with: Counter[str], sign: int) -> None:
    connection.executemany(
        "INSERT INTO stem VALUES (?, ?)"
        " ON CONFLICT (stem) DO UPDATE SET documents = documents + excluded.documents",
        ((one, sign * times) for one, times in documents_with.items()),
    )


def _given_vector(document: Document, size: int) -> bytes:
    if document.vector is None:
        return b""
    row = np.asarray(document.vector, np.float32)
    if row.shape != (size,):
        raise ValueError(f"The vector of {document.id} must have {size} numbers.")
    return unit(row.reshape(1, -1)).tobytes()


def _stems(words: list[str]) -> str:
    return " ".join(map(stem, words))


def _last(connection: Connection) -> int:
    return int(connection.execute("SELECT ifnull(max(number), 0) FROM document").fetchone()[0])


def _count(connection: Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM document").fetchone()[0])
