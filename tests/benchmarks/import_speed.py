"""How quick notices are read in, beside the least that could be done with the same file.

`python -m tests.benchmarks.import_speed` prints the table.
"""

import json
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

from rich.console import Console

from marketplace.app import Marketplace, assemble
from marketplace.migrate import upgrade
from marketplace.notices import importing
from marketplace.notices.models import Import
from marketplace.reference import cpv
from marketplace.settings import Settings
from seed import world
from tests.benchmarks.comparing import Figure, Line, compare, table

RELEASES = 500
A_MINUTE = 2_000
TIMES_THE_LEAST = 8
SHARED = Path(__file__).parents[3] / "shared"


def run() -> list[Line]:
    return [line for name, releases in files() for line in reading(name, releases)]


def files() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    yield f"{RELEASES} releases", list(synthesised(RELEASES))
    published = SHARED / "data/ocds/contracts_finder_2024-11.json"
    if published.is_file():
        yield "Contracts Finder's of a day", json.loads(published.read_bytes())["releases"]


def reading(name: str, releases: list[dict[str, Any]]) -> Iterator[Line]:
    """Every round brings procurements that are not there yet, as a new file does."""
    rounds = count()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        marketplace = assemble(Settings(data_dir=folder))
        with (
            closing(marketplace),
            closing(sqlite3.connect(folder / "plain.db", isolation_level=None)) as plain,
        ):
            upgrade(marketplace.engine)
            plain.execute("PRAGMA journal_mode = WAL")
            plain.execute("CREATE TABLE release (ocid, buyer, title, description, date, content)")
            compared = compare(
                f"read in {name}",
                lambda: _read_in(marketplace, _file(releases, next(rounds))),
                "json.loads and executemany of the same rows",
                lambda: _store(plain, _file(releases, next(rounds))),
                target=TIMES_THE_LEAST,
            )
    yield compared
    pace = len(releases) / compared.milliseconds * 60_000
    yield Figure(f"{name} read in", pace, "releases a minute", least=A_MINUTE)


def _read_in(marketplace: Marketplace, file: bytes) -> None:
    about = Import(name="releases.json", size=len(file), person_name="The benchmark")
    importing.from_file(marketplace.engine, marketplace.context, BytesIO(file), about)


def _store(plain: sqlite3.Connection, file: bytes) -> None:
    rows = [
        (
            release["ocid"],
            release.get("buyer", {}).get("name"),
            release.get("tender", {}).get("title"),
            release.get("tender", {}).get("description"),
            release.get("date"),
            json.dumps(release),
        )
        for release in json.loads(file)["releases"]
    ]
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany("INSERT INTO release VALUES (?, ?, ?, ?, ?, ?)", rows)
    plain.execute("COMMIT")


def _file(releases: list[dict[str, Any]], turn: int) -> bytes:
    """A release package in which every procurement has an OCID of this turn."""
    renamed = [{**release, "ocid": f"{release['ocid']}-{turn}"} for release in releases]
    return json.dumps({"releases": renamed}).encode()


def synthesised(number: int) -> Iterator[dict[str, Any]]:
    """Releases as a portal publishes them, about what the demo's challenges are about."""
    drawn = random.Random(2026)
    texts = world.challenges()
    codes = sorted(cpv.LABELS)
    begin = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for place in range(number):
        text = drawn.choice(texts)
        day = begin + timedelta(hours=place)
        buyer = {"id": f"GB-LAE-X{place % 33}", "name": f"Council number {place % 33}"}
        supplier = {"id": f"GB-COH-{place:08}", "name": f"Supplier number {place} Ltd"}
        value = {"amount": drawn.randrange(10_000, 2_000_000), "currency": "GBP"}
        period = {
            "startDate": (day + timedelta(days=60)).isoformat(),
            "endDate": (day + timedelta(days=800)).isoformat(),
        }
        yield {
            "ocid": f"ocds-b5fd17-{place:08}",
            "id": f"release-{place}",
            "date": day.isoformat(),
            "tag": ["award"],
            "initiationType": "tender",
            "language": "en",
            "buyer": buyer,
            "parties": [
                {**buyer, "roles": ["buyer"], "address": {"locality": "London"}},
                {**supplier, "roles": ["supplier"], "details": {"scale": "sme"}},
            ],
            "tender": {
                "id": f"tender-{place}",
                "title": text.title,
                "description": f"{text.need}\n{text.outcomes}",
                "status": "complete",
                "procurementMethod": "open",
                "classification": {"scheme": "CPV", "id": drawn.choice(codes)},
                "items": [{"id": "1", "classification": {"scheme": "CPV", "id": text.cpv[0]}}],
                "value": value,
                "tenderPeriod": {"endDate": (day + timedelta(days=30)).isoformat()},
            },
            "awards": [
                {
                    "id": f"award-{place}",
                    "status": "active",
                    "date": day.isoformat(),
                    "value": value,
                    "suppliers": [supplier],
                    "contractPeriod": period,
                }
            ],
        }


if __name__ == "__main__":
    Console().print(table(run()))
