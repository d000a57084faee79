"""Filling an index as a whole, beside the one that answers meanwhile."""

import re
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from meilisearch import Client
from meilisearch.models.task import TaskInfo

from search.meili.documents import Kept, kept, key, with_vectors
from search.meili.filters import with_key
from search.meili.server import WRITING, Missing, Server, add, delete
from search.meili.settings import settings
from search.port import Document
from search.reading import Lexicon
from search.vectors import Embedder

T = TypeVar("T")

BATCH = 500  # documents sent at once: some 4 MB with their vectors
PAGE = 5_000  # keys read at once
LONG = 600_000  # ms that the server may take for a batch

Lexicons = Callable[[], AbstractContextManager[Lexicon]]


class Filling:
    """The index that is filled, and what becomes of it."""

    def __init__(
        self, server: Server, name: str, uid: str, embed: Embedder, lexicon: Lexicons
    ) -> None:
        self._server, self._name, self._uid = server, name, uid
        self._embed, self._lexicon = embed, lexicon
        self._next = f"{uid}-next"

    def fill(self, documents: Iterable[Document]) -> int:
        """How many there are. What an earlier attempt already sent, and is as it was, stays."""
        resumed = self._exists(self._next)
        if not resumed:
            self._create(self._next)
        self._done(
            lambda client: client.index(self._next).update_settings(settings(self._embed.size))
        )
        seen: set[str] = set()
        waiting = iter(documents)
        while batch := {key(one.id): one for one in islice(waiting, BATCH)}:
            made = {one: kept(document) for one, document in batch.items()}
            known = self._known(list(made)) if resumed else {}
            self._send(
                [
                    (batch[one], each)
                    for one, each in made.items()
                    if one in seen or known.get(one) != each["fingerprint"]
                ]
            )
            seen.update(batch)
        if resumed:
            self._forget_all_but(seen)
        self._take_over()
        return len(seen)

    def _send(self, documents: list[tuple[Document, Kept]]) -> None:
        if documents:
            with self._lexicon() as lexicon:
                sent = with_vectors(documents, self._embed, lexicon)
            self._done(partial(add, uid=self._next, documents=sent))

    def _known(self, keys: list[str]) -> dict[str, str]:
        """The fingerprint of each of these that is there already."""
        asked = {"filter": with_key(keys), "fields": ["key", "fingerprint"], "limit": len(keys)}
        found = self._ask(partial(_fetched, uid=self._next, asked=asked))
        return {one["key"]: one["fingerprint"] for one in found}

    def _forget_all_but(self, seen: set[str]) -> None:
        """What an earlier attempt sent and is there no more."""
        gone: list[str] = []
        for offset in range(0, len(seen) + PAGE, PAGE):
            asked = {"fields": ["key"], "limit": PAGE, "offset": offset}
            page = self._ask(partial(_fetched, uid=self._next, asked=asked))
            gone += [one["key"] for one in page if one["key"] not in seen]
        if gone:
            self._done(partial(delete, uid=self._next, keys=gone))

    def _take_over(self) -> None:
        """Puts what was filled in the place of what answered until now; that goes, and so do the
        indexes of other versions.
        """
        if not self._exists(self._uid):
            self._create(self._uid)
        self._done(lambda client: client.swap_indexes([{"indexes": [self._uid, self._next]}]))
        ours = re.compile(rf"{re.escape(self._name)}-[0-9a-f]{{8}}(-next)?")
        for uid in self._ask(_uids):
            if ours.fullmatch(uid) and uid != self._uid:
                self._done(partial(Client.delete_index, uid=uid))

    def _exists(self, uid: str) -> bool:
        try:
            self._ask(lambda client: client.get_raw_index(uid))
        except Missing:
            return False
        return True

    def _create(self, uid: str) -> None:
        self._done(lambda client: client.create_index(uid, {"primaryKey": "key"}))

    def _ask(self, work: Callable[[Client], T]) -> T:
        with self._server.within(WRITING) as talk:
            return talk.ask(work)

    def _done(self, work: Callable[[Client], TaskInfo]) -> None:
        with self._server.within(WRITING) as talk:
            talk.done(work, LONG)


def _fetched(client: Client, uid: str, asked: dict[str, Any]) -> list[dict[str, str]]:
    return list(client.http.post(f"indexes/{uid}/documents/fetch", asked)["results"])


def _uids(client: Client) -> list[str]:
    return [one["uid"] for one in client.http.get("indexes?limit=1000")["results"]]
