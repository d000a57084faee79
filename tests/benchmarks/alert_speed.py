"""How quickly something new finds the saved searches that find it, beside asking each of them.

`python -m tests.benchmarks.alert_speed` prints the table.
"""

import random
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from rich.console import Console
from sqlmodel import Session, select
from starlette.datastructures import QueryParams

from auth.actor import VISITOR
from marketplace import policy
from marketplace.challenges import documents
from marketplace.challenges.models import Challenge
from marketplace.core import db
from marketplace.core.finding import question, read, stored
from marketplace.discovery import finding
from marketplace.notifications.models import Rhythm
from marketplace.organisations.models import Person
from marketplace.reference.areas import Area
from marketplace.saved import queries
from marketplace.saved.matching import Seen, keys, reason
from marketplace.saved.models import SavedSearch, SearchKey
from search.words import folded, telling
from tests.benchmarks.comparing import Comparison, compare, table
from tests.benchmarks.worlds import Filled, filled

SEARCHES = 10_000
ASKED = 100  # of them, by the naive way, which would take all day for all
CHALLENGES, PRODUCTS = 1_000, 1_000


def run() -> list[Comparison]:
    with (
        tempfile.TemporaryDirectory() as scratch,
        filled(Path(scratch), CHALLENGES, PRODUCTS) as world,
    ):
        _save(world)
        return list(_measured(world))


def _save(world: Filled) -> None:
    """Searches as people save them: words that challenges have, some with an area of work."""
    chance = random.Random(7)
    with db.writing(world.marketplace.engine) as session:
        some = [session.get_one(Challenge, id) for id in islice(world.challenges, 200)]
        words = sorted({w for one in some for w in telling(folded(one.need)) if len(w) > 3})
        person = session.exec(select(Person)).first()
        assert person
        for number in range(SEARCHES):
            asked = {"q": " ".join(chance.sample(words, chance.choice((1, 2, 2, 3))))}
            if number % 3 == 0:
                asked["area"] = chance.choice(list(Area)).value
            query = read(finding.ALL["challenge"], QueryParams(asked))
            search = SavedSearch(
                name=f"Search {number}",
                kind="challenge",
                query=query.query(),
                rhythm=Rhythm.DAILY,
                person_id=person.id,
            )
            session.add(search)
            session.add_all(SearchKey(key=key, search_id=search.id) for key in keys(query))
        session.commit()


def _measured(world: Filled) -> Iterator[Comparison]:
    index = world.marketplace.index
    audience = policy.audience(VISITOR)
    with Session(world.marketplace.engine) as session:
        document = documents.document(session.get_one(Challenge, world.challenges[-1]))
        assert document
        every = session.exec(select(SavedSearch)).all()
        asked = [stored(finding.ALL[one.kind], one.query) for one in every]

        def turned_round() -> int:
            seen = Seen(document)
            under = queries.under(session, seen.keys, document.id)
            found = (
                reason(stored(finding.ALL[search.kind], search.query), seen) for search, _ in under
            )
            return sum(1 for why in found if why)

        def one_by_one() -> None:
            for one in asked[:ASKED]:
                index.find(question(one, audience))

        yield compare(
            f"one new challenge among {SEARCHES:,} saved searches",
            turned_round,
            f"asking the index for {ASKED} of them",
            one_by_one,
            target=1,
            pairs=5,
        )


if __name__ == "__main__":
    Console().print(table(run()))
