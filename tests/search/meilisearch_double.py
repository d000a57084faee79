"""A server on the loopback that answers as Meilisearch's API is documented, small and strict.

It knows the routes, parameters and settings that the adapter uses and refuses all others. Its
ranking is far simpler than Meilisearch's: what it stands for is the form of what is said.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import numpy as np

from tests.search.meilisearch_filters import Refused, holds
from tests.search.meilisearch_words import matched, positions

KEY = "a key of ours"
NOW = "2026-11-28T12:00:00.000000Z"
QUERY = {
    "indexUid", "q", "filter", "attributesToSearchOn", "matchingStrategy", "attributesToRetrieve",
    "showMatchesPosition", "showRankingScore", "federationOptions", "sort", "vector", "hybrid",
    "limit", "offset", "facets",
}  # fmt: skip
SETTINGS = {
    "searchableAttributes", "displayedAttributes", "filterableAttributes", "sortableAttributes",
    "rankingRules", "stopWords", "synonyms", "typoTolerance", "distinctAttribute", "faceting",
    "pagination", "proximityPrecision", "prefixSearch", "searchCutoffMs", "embedders",
}  # fmt: skip

Document = dict[str, Any]


@dataclass
class Index:
    documents: dict[str, Document] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass
class Meilisearch:
    """Its state, and what goes wrong with it."""

    indexes: dict[str, Index] = field(default_factory=dict)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)  # method and path
    key: str = KEY
    lock: Lock = field(default_factory=Lock)
    hold: Event = field(default_factory=Event)  # set: answers at once; cleared: not at all
    garbage: bytes | None = None
    failing: dict[str, Any] | None = None  # the error that tasks end with
    stuck: bool = False  # tasks stay enqueued
    searches: list[dict[str, Any]] = field(default_factory=list)  # their bodies
    added: list[str] = field(default_factory=list)  # keys of the documents that were sent
    keys: list[dict[str, Any]] = field(default_factory=list)
    address: str = ""
    stop: Callable[[], object] = lambda: None
    come_back: Callable[[], object] = lambda: None  # at the same address, with all it had

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        parts = [part for part in urlsplit(path).path.split("/") if part]
        match method, parts:
            case "GET", ["tasks", uid]:
                return 200, self.tasks[int(uid)]
            case "GET", ["indexes"]:
                found = [{"uid": uid, "primaryKey": "key"} for uid in self.indexes]
                return 200, {"results": found, "offset": 0, "limit": 1000, "total": len(found)}
            case "GET", ["indexes", uid]:
                self.index(uid)
                return 200, {"uid": uid, "primaryKey": "key", "createdAt": NOW, "updatedAt": NOW}
            case "GET", ["indexes", uid, "stats"]:
                number = len(self.index(uid).documents)
                return 200, {
                    "numberOfDocuments": number,
                    "isIndexing": False,
                    "fieldDistribution": {},
                    "rawDocumentDbSize": 0,
                    "avgDocumentSize": 0,
                    "numberOfEmbeddings": number,
                    "numberOfEmbeddedDocuments": number,
                }
            case "POST", ["indexes"]:
                return self.task("indexCreation", lambda: self.create(body["uid"]))
            case "DELETE", ["indexes", uid]:
                return self.task("indexDeletion", lambda: self.indexes.pop(uid))
            case "POST", ["swap-indexes"]:
                (a, b) = body[0]["indexes"]
                return self.task("indexSwap", lambda: self.swap(a, b))
            case "PATCH", ["indexes", uid, "settings"]:
                if unknown := set(body) - SETTINGS:
                    raise Refused(400, "bad_request", f"Unknown field `{unknown.pop()}`")
                return self.task("settingsUpdate", lambda: self.index(uid).settings.update(body))
            case "POST", ["indexes", uid, "documents"]:
                return self.task("documentAdditionOrUpdate", lambda: self.add(uid, body))
            case "POST", ["indexes", uid, "documents", "delete-batch"]:
                return self.task("documentDeletion", lambda: self.delete(uid, body))
            case "POST", ["indexes", uid, "documents", "fetch"]:
                return 200, self.fetch(uid, body)
            case "GET", ["keys"]:
                return 200, {"results": self.keys, "offset": 0, "limit": 1000, "total": 0}
            case "POST", ["keys"]:
                uid, moment = str(uuid4()), {"createdAt": NOW, "updatedAt": NOW}
                self.keys.append({**body, "uid": uid, "key": f"secret-{uid}", **moment})
                return 201, self.keys[-1]
            case "POST", ["indexes", uid, "search"]:
                self.searches.append(body)
                return 200, self.searched({"indexUid": uid, **body})
            case "POST", ["multi-search"]:
                self.searches.append(body)
                if body["federation"] is None:
                    return 200, {"results": [self.searched(query) for query in body["queries"]]}
                return 200, self.federated(body["queries"], body["federation"])
        raise Refused(404, "not_found", f"{method} {path}")

    def index(self, uid: str) -> Index:
        if uid not in self.indexes:
            raise Refused(404, "index_not_found", f"Index `{uid}` not found.")
        return self.indexes[uid]

    # ---- tasks

    def task(self, kind: str, work: Callable[[], object]) -> tuple[int, Any]:
        task = {
            "uid": len(self.tasks), "indexUid": None, "status": "enqueued", "type": kind,
            "error": None, "details": None, "canceledBy": None, "duration": None,
            "enqueuedAt": NOW, "startedAt": None, "finishedAt": None,
        }  # fmt: skip
        self.tasks.append(task)
        if not self.stuck:
            try:
                if self.failing:
                    raise Refused(400, self.failing["code"], self.failing["message"])
                work()
                task["status"] = "succeeded"
            except Refused as why:
                kind = self.failing["type"] if self.failing else "invalid_request"
                told = {"message": str(why), "code": why.code, "type": kind, "link": ""}
                task.update(status="failed", error=told)
        return 202, {
            "taskUid": task["uid"], "indexUid": None, "status": "enqueued", "type": task["type"],
            "enqueuedAt": NOW,
        }  # fmt: skip

    def create(self, uid: str) -> None:
        if uid in self.indexes:
            raise Refused(409, "index_already_exists")
        self.indexes[uid] = Index()

    def swap(self, a: str, b: str) -> None:
        self.indexes[a], self.indexes[b] = self.index(b), self.index(a)

    def add(self, uid: str, documents: Sequence[Document]) -> None:
        known = self.indexes.setdefault(uid, Index())
        for document in documents:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,511}", document["key"]):
                raise Refused(400, "invalid_document_id")
            vector = document["_vectors"]["words"]
            size = known.settings["embedders"]["words"]["dimensions"]
            if vector is not None and len(vector) != size:
                raise Refused(400, "invalid_vector_dimensions")
            known.documents[document["key"]] = document
            self.added.append(document["key"])

    def delete(self, uid: str, keys: Sequence[str]) -> None:
        for key in keys:
            self.index(uid).documents.pop(key, None)

    def fetch(self, uid: str, body: Mapping[str, Any]) -> Any:
        if unknown := set(body) - {"filter", "fields", "limit", "offset"}:
            raise Refused(400, "bad_request", f"Unknown field `{unknown.pop()}`")
        index = self.index(uid)
        found = [one for one in index.documents.values() if holds(body.get("filter", []), one)]
        page = found[body.get("offset", 0) :][: body.get("limit", 20)]
        return {"results": [{name: one[name] for name in body["fields"]} for one in page]}

    # ---- searches

    def searched(self, query: Mapping[str, Any]) -> Any:
        ranked = self.ranked(query)
        first = query.get("offset", 0)
        hits = [shown(query, *one) for one in ranked[first : first + query.get("limit", 20)]]
        return {"hits": hits, "estimatedTotalHits": len(ranked), "processingTimeMs": 1}

    def federated(self, queries: Sequence[Mapping[str, Any]], about: Mapping[str, Any]) -> Any:
        if unknown := set(about) - {"limit", "offset", "facetsByIndex", "mergeFacets"}:
            raise Refused(400, "bad_request", f"Unknown field `{unknown.pop()}`")
        best: dict[str, tuple[tuple[Any, ...], dict[str, Any]]] = {}
        found: dict[str, Document] = {}
        for position, query in enumerate(queries):
            if "limit" in query or "offset" in query or "facets" in query:
                raise Refused(400, "invalid_multi_search_query_pagination")
            weight = query.get("federationOptions", {}).get("weight", 1.0)
            for score, document, words in self.ranked(query):
                hit = shown(query, score, document, words)
                about_it = {"queriesPosition": position, "weightedRankingScore": score * weight}
                hit["_federation"] = {"indexUid": query["indexUid"], **about_it}
                order = sorting(query, document) or (-score * weight,)
                if document["key"] not in best or order < best[document["key"]][0]:
                    best[document["key"]] = order, hit
                found[document["key"]] = document
        ranked = [hit for _, hit in sorted(best.values(), key=lambda pair: pair[0])]
        ((uid, facets),) = about["facetsByIndex"].items()
        counted = {name: counts(found.values(), name) for name in facets}
        first = about["offset"]
        return {
            "hits": ranked[first : first + about["limit"]],
            "estimatedTotalHits": len(ranked),
            "facetsByIndex": {uid: {"distribution": counted, "stats": {}}},
            "processingTimeMs": 1,
        }

    def ranked(self, query: Mapping[str, Any]) -> list[tuple[float, Document, set[str]]]:
        if unknown := set(query) - QUERY:
            raise Refused(400, "bad_request", f"Unknown field `{unknown.pop()}`")
        index = self.index(query["indexUid"])
        allowed = [one for one in index.documents.values() if holds(query.get("filter", []), one)]
        if "vector" in query:
            scored = [(like(query["vector"], one), one, set[str]()) for one in allowed]
            scored = [one for one in scored if one[0] >= 0]
        else:
            scored = [
                (score, one, words)
                for one in allowed
                for score, words in [matched(index.settings, query, one)]
                if score > 0
            ]
        return sorted(scored, key=lambda one: sorting(query, one[1]) or (-one[0],))


def like(vector: Sequence[float], document: Document) -> float:
    own = document["_vectors"]["words"]
    return -1.0 if own is None else (1 + float(np.dot(vector, own))) / 2


def sorting(query: Mapping[str, Any], document: Document) -> tuple[Any, ...]:
    order: list[Any] = []
    for one in query.get("sort", ()):
        name, way = one.split(":")
        value = document.get(name)
        order += [value is None, 0 if value is None else value if way == "asc" else -value]
    return tuple(order)


def shown(
    query: Mapping[str, Any], score: float, document: Document, words: set[str]
) -> dict[str, Any]:
    hit = {name: document[name] for name in query["attributesToRetrieve"]}
    if query.get("showRankingScore"):
        hit["_rankingScore"] = score
    if query.get("showMatchesPosition"):
        hit["_matchesPosition"] = {
            name: places
            for name in query.get("attributesToSearchOn") or ("title", "body")
            if isinstance(document.get(name), str) and (places := positions(document[name], words))
        }
    return hit


def counts(documents: Any, name: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for document in documents:
        value = document.get(name, [])
        found.update({value} if isinstance(value, str) else set(value))
    return dict(found)


@contextmanager
def serving() -> Iterator[Meilisearch]:
    """A server on a free port of the loopback, for as long as it is needed."""
    state = Meilisearch()
    state.hold.set()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            raw = self.rfile.read(length)
            state.hold.wait(timeout=5)
            with state.lock:
                status, body = self.result(raw)
            data = state.garbage if state.garbage is not None else json.dumps(body).encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
            except OSError:
                pass  # whoever asked did not wait

        def result(self, raw: bytes) -> tuple[int, Any]:
            state.asked.append((self.command, self.path))
            try:
                if self.headers.get("Authorization") != f"Bearer {state.key}":
                    raise Refused(403, "invalid_api_key", "The provided API key is invalid.")
                typed = self.headers.get("Content-Type") == "application/json"
                if self.command in ("POST", "PATCH") and not typed:
                    raise Refused(415, "invalid_content_type")
                return state.answer(self.command, self.path, json.loads(raw) if raw else None)
            except Refused as why:
                # An index that is missing within a multi-search is a mistake of the request.
                several = why.status == 404 and "multi-search" in self.path
                said = {"message": str(why), "code": why.code, "type": "invalid_request"}
                return 400 if several else why.status, {**said, "link": "…"}

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the library's names

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    running: list[tuple[ThreadingHTTPServer, Thread]] = []

    def start(port: int = 0) -> int:
        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        running.append((server, thread))
        return server.server_port

    def stop() -> None:
        state.hold.set()
        while running:
            server, thread = running.pop()
            server.shutdown()
            server.server_close()
            thread.join()

    port = start()
    state.address = f"http://127.0.0.1:{port}"
    state.stop, state.come_back = stop, lambda: start(port)
    try:
        yield state
    finally:
        stop()
