"""Talking to a Meilisearch server: within a time limit, and with its refusals as ours."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar

import requests
from meilisearch import Client
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchError,
    MeilisearchTimeoutError,
)
from meilisearch.models.task import TaskInfo

from search.port import Unavailable

T = TypeVar("T")

PATIENCE = 0.8  # seconds that a person waits for an answer of it
WRITING = 10.0  # seconds that a request of ours may take while nobody waits
TASK = 60_000  # ms that a change may take to be done
POLL = 20  # ms between two looks at a task


class Rejected(Exception):  # noqa: N818 - what was sent is at fault, and will be the next time
    """The server will never take this; the message says why."""


class Missing(Unavailable):
    """There is no index of this version."""


class Server:
    """One server and a key for it. Threads may share it."""

    def __init__(self, url: str, key: str = "") -> None:
        self._url, self._key = url.rstrip("/"), key

    @contextmanager
    def within(self, seconds: float) -> Iterator["Talk"]:
        """A conversation that is over when so much time is."""
        yield Talk(self._url, self._key, monotonic() + seconds)


@contextmanager
def understood() -> Iterator[None]:
    """Whatever goes wrong within, with the server or with what it answers, is Unavailable."""
    try:
        yield
    except MeilisearchApiError as why:
        raise _refusal(why) from why
    except MeilisearchTimeoutError as why:
        raise Unavailable("Meilisearch takes too long.") from why
    except (MeilisearchError, requests.RequestException) as why:
        raise Unavailable(f"Meilisearch does not answer: {type(why).__name__}.") from why
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, StopIteration) as why:
        raise Unavailable("What Meilisearch answers cannot be understood.") from why


class Talk:
    """Some requests that share a time limit."""

    def __init__(self, url: str, key: str, until: float) -> None:
        self._url, self._key, self._until = url, key, until

    def ask(self, work: Callable[[Client], T]) -> T:
        """What the client brings. Every call has a client of its own, because the client changes
        its headers from call to call, which threads would see of each other.
        """
        left = self._until - monotonic()
        if left <= 0:
            raise Unavailable("Meilisearch takes too long.")
        client = Client(
            self._url,
            self._key or None,
            timeout=left,  # type: ignore[arg-type] # parts of a second are understood, too
        )
        with understood():
            return work(client)

    def done(self, work: Callable[[Client], TaskInfo], limit: int = TASK) -> None:
        """Has a change made and waits until it is. Raises Rejected when it never will be."""
        uid = self.ask(work).task_uid
        with Server(self._url, self._key).within(limit / 1000 + WRITING) as waiting:
            task = waiting.ask(lambda client: client.wait_for_task(uid, limit, POLL))
        if task.status == "succeeded":
            return
        error: Mapping[str, Any] = task.error or {}
        cause = f"{error.get('message') or task.status} ({error.get('code') or 'no code'})"
        if error.get("code") == "index_not_found":
            raise Missing(f"Meilisearch: {cause}")
        if error.get("type") == "invalid_request":
            raise Rejected(f"Meilisearch refused a {task.type}: {cause}")
        raise Unavailable(f"Meilisearch could not carry out a {task.type}: {cause}")


def add(client: Client, uid: str, documents: Sequence[Mapping[str, Any]]) -> TaskInfo:
    return client.index(uid).add_documents(documents, "key")


def delete(client: Client, uid: str, keys: Sequence[str]) -> TaskInfo:
    """By the route for many keys at once, which the client calls only with a warning."""
    return TaskInfo(**client.http.post(f"indexes/{uid}/documents/delete-batch", list(keys)))


def _refusal(why: MeilisearchApiError) -> Unavailable:
    if why.code == "index_not_found":
        return Missing("Meilisearch has no index of this version: run the command reindex.")
    if why.status_code in (401, 403):
        return Unavailable(f"Meilisearch refuses the key ({why.code}).")
    return Unavailable(f"Meilisearch answers {why.status_code}: {why.message} ({why.code}).")
