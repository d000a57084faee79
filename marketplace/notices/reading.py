"""Notices read from OCDS files: each release is taken, with warnings, or refused, with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from marketplace.notices.cleaning import Note, line
from marketplace.notices.streaming import LARGEST, LISTS, Member, Source, Unreadable
from marketplace.notices.trimming import FIELDS, NO_OBJECT, Refusal, is_release, trim

__all__ = ["Problem", "Reader", "Refused", "Taken", "Unreadable"]

# The prefix is registered for one publisher, while the package of a portal may name anybody.
PORTALS = {
    "ocds-h6vhtk": "Find a Tender",
    "ocds-b5fd17": "Contracts Finder",
    "ocds-kuma6s": "Sell2Wales",
}
OTHER = "other"  # what stands for the portals that have no name here


@dataclass(frozen=True, slots=True)
class Problem:
    """What could not be taken as it was published: in which record, in which field, and why."""

    record: str
    field: str
    reason: str


class Refused(Problem):
    """The problem for which nothing of a record was taken."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A release as far as it could be taken; `content` is what merging needs to keep of it."""

    record: str
    content: dict[str, Any]
    warnings: tuple[Problem, ...]

    @property
    def ocid(self) -> str:
        return str(self.content["ocid"])

    @property
    def buyer_key(self) -> str:
        """Tells the buyers of one OCID apart; "" where the release names none."""
        return str(self.content["buyer"]["id"])

    @property
    def release_id(self) -> str:
        return str(self.content["id"])

    @property
    def date(self) -> datetime:
        return datetime.fromisoformat(self.content["date"])


class Reader:
    """A release package, a record package, a list of releases or a single release, read once.

    Iterating raises Unreadable for a file that is not that, or that ends too early, and then
    perhaps after thousands of good releases: keep nothing of a file before its end. A release
    whose OCID prefix is not known takes its source from the publisher, which may stand after the
    releases; the stream must be seekable for that.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._start = stream.tell() if stream.seekable() else None
        self._source = Source(stream)
        self._publisher: str | None = None

    @property
    def position(self) -> int:
        """How many bytes of the file have been read."""
        return self._source.position

    def __iter__(self) -> Iterator[Taken | Refused]:
        top: dict[str, Member] = {}
        lists: set[str | None] = set()
        bare = 0  # releases in a list without a package
        for member in self._source.members():
            if member.number is None and member.name in (None, *LISTS):
                if member.value != []:
                    raise Unreadable(f"The file is not OCDS: its “{member.name}” are not a list.")
                lists.add(member.name)
            elif member.name == "publisher":
                self._publisher = _publisher(member.value)
            elif member.number is None:
                if member.name in FIELDS:
                    top[str(member.name)] = member
            else:
                bare += member.name is None and is_release(member.value)
                yield from self._records(member)
        if lists == {None} and not bare:
            raise Unreadable("The file is not OCDS: it is a list without any release.")
        if not lists:
            yield self._single(top)

    def _single(self, top: dict[str, Member]) -> Taken | Refused:
        release = {name: member.value for name, member in top.items()}
        if not is_release(release):
            raise Unreadable("The file is not OCDS: it has neither releases nor records.")
        record = _record("release 1", release)
        for name, member in top.items():
            if member.oversize:
                return Refused(record, name, _TOO_LARGE)
        notes = [(f"{m.name}.{path}", reason) for m in top.values() for path, reason in m.notes]
        return self._release(record, release, notes)

    def _records(self, member: Member) -> Iterator[Taken | Refused]:
        kind = "record" if member.name == "records" else "release"
        record = _record(f"{kind} {member.number}", member.value)
        if member.oversize:
            yield Refused(record, "", _TOO_LARGE)
        elif kind == "release":
            yield self._release(record, member.value, member.notes)
        elif not isinstance(member.value, dict):
            yield Refused(record, "", NO_OBJECT)
        else:
            releases = list(_releases(member.value))
            if not releases:
                yield Refused(record, "releases", "It has neither releases nor a compiled release.")
            for index, (place, release) in enumerate(releases):
                label = _record(f"{kind} {member.number}{place}", release, member.value)
                yield self._release(label, release, [] if index else member.notes)

    def _release(self, record: str, release: object, notes: list[Note]) -> Taken | Refused:
        notes = list(notes)
        try:
            content = trim(release, notes)
        except Refusal as refusal:
            return Refused(record, refusal.field, str(refusal))
        content["source"] = self._portal(content["ocid"])
        warnings = (Problem(record, *note) for note in dict.fromkeys(notes))
        return Taken(record, content, tuple(warnings))

    def _portal(self, ocid: str) -> str:
        prefix = ocid[: len("ocds-h6vhtk")]
        return PORTALS.get(prefix) or self._publisher_name() or prefix

    def _publisher_name(self) -> str:
        if self._publisher is None and self._start is not None:
            here = self._stream.tell()
            self._stream.seek(self._start)
            self._publisher = _text(Source(self._stream).first("publisher.name"))
            self._stream.seek(here)
        return self._publisher or ""


_TOO_LARGE = f"It is larger than {LARGEST // 1_000_000} million characters."


def _record(label: str, *values: object) -> str:
    """Such as "release 17 (ocds-b5fd17-…)": the OCID of the first of the values that has one."""
    ocids = (_text(value.get("ocid")) for value in values if isinstance(value, dict))
    ocid = next((ocid for ocid in ocids if ocid), None)
    return f"{label} ({ocid[:80]})" if ocid else label


def _text(value: object) -> str:
    try:
        return line(value)
    except ValueError:
        return ""


def _publisher(value: object) -> str:
    return _text(value.get("name")) if isinstance(value, dict) else ""


def _releases(record: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """The releases of a record with the place of each in it, or else its compiled release, where
    the releases are not all in the file."""
    given = record.get("releases")
    releases = given if isinstance(given, list) else []
    whole = record.get("compiledRelease")
    if isinstance(whole, dict) and not (releases and all(map(is_release, releases))):
        yield "", {"ocid": record.get("ocid"), **whole}
        return
    for number, release in enumerate(releases, 1):
        yield f", release {number}", _inheriting(release, record)


def _inheriting(release: object, record: dict[str, Any]) -> object:
    """A release inside a record may leave the OCID to it; a mere link to a release stays one."""
    if isinstance(release, dict) and "url" not in release:
        return {"ocid": record.get("ocid"), **release}
    return release
