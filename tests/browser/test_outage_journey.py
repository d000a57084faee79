"""The search server is killed while somebody searches, and comes back: pages answer all the time
and say so, and nothing is missing afterwards.
"""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from marketplace.app import assemble
from marketplace.core import db
from marketplace.discovery import indexing
from marketplace.migrate import upgrade
from marketplace.organisations import actions as organisations
from marketplace.organisations import queries
from marketplace.organisations.models import Person
from marketplace.organisations.personas import PERSONAS
from marketplace.settings import Settings
from tests.browser.people import Somebody, somebody
from tests.browser.publishing import publish, signed_in
from tests.make import Make
from tests.search.meilisearch_double import Meilisearch
from tests.search.meilisearch_double import serving as search_server
from tests.services import STARTING, free_port, serving

pytestmark = pytest.mark.browser

SIMPLER = "Results are simpler than usual"
NEED = "Missed bin collections are hard to trace"
TITLE = "Ledgers of burial plots are kept by hand"


@pytest.fixture(scope="module")
def server() -> Iterator[Meilisearch]:
    with search_server() as server:
        yield server


@pytest.fixture(scope="module")
def address(server: Meilisearch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A marketplace that keeps its search on that server: a small one, because what stands for the
    server is slow, and a slow one is left alone.
    """
    port = free_port()
    data: Path = tmp_path_factory.mktemp("served")
    kept = {"meili_url": server.address, "meili_api_key": server.key}
    _fill(Settings(data_dir=data, database_url="", **kept))
    address = f"http://127.0.0.1:{port}"
    settings = {"DATA_DIR": str(data), "PORT": str(port), "DATABASE_URL": "", "DEMO": "true"}
    settings |= {name.upper(): value for name, value in kept.items()}
    with serving([sys.executable, "-m", "marketplace", "serve"], address, settings):
        yield address


def _fill(settings: Settings) -> None:
    """A need and what answers it, and the two people who act."""
    marketplace = assemble(settings)
    upgrade(marketplace.engine)
    with db.writing(marketplace.engine) as session:
        ctx = marketplace.context(session)
        organisations.register_london(ctx)
        session.flush()
        known = {one.slug: one for one in queries.everybody(ctx)}
        for slug in ("camden-buyer", "loti-curator"):
            who = PERSONAS[slug]
            person = Person(name=who.name, email=f"{slug}@example.org")
            where = known[who.organisation]
            organisations.join(ctx, person, where, who.roles, who.membership_id)
        make = Make(session)
        make.challenge(known["hackney"], title=NEED)
        make.product(make.supplier(), name="Roundwise")
        session.commit()
    indexing.reindex(marketplace.engine, marketplace.index)
    marketplace.close()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_with_the_search_server_killed_in_the_middle_pages_answer_and_say_so(
    chrome: Browser, address: str, server: Meilisearch, javascript: bool
) -> None:
    title = f"{TITLE}, {'with' if javascript else 'without'} scripts"
    with somebody(chrome, address, javascript=javascript) as who:
        who.sign_in("camden-buyer")
        _searches(who, simpler=False)
        server.stop()
        _searches(who, simpler=True)
        publish(address, title)
        who.go("/challenges")
        who.wait_for(who.page.get_by_role("link", name=title))
        expect(who.page.locator("main")).to_contain_text(SIMPLER)

        server.come_back()
        _until_told(address, server, title)
        answers = who.page.locator("main").filter(has_not_text=SIMPLER)
        who.wait_for(answers.get_by_role("link", name=title))
        who.look()


def _until_told(address: str, server: Meilisearch, title: str) -> None:
    """What was missed is told again at the next change, or the next minute."""
    deadline = time.monotonic() + STARTING
    while not any(
        one["title"] == title
        for index in server.indexes.values()
        for one in index.documents.values()
    ):
        assert time.monotonic() < deadline, "the server was never told of it"
        with signed_in(address, "camden-buyer") as buyer:
            buyer.post("/challenges", data={"title": "Another draft"})
        time.sleep(1)


def _searches(who: Somebody, *, simpler: bool) -> None:
    """By words, in a list, and by a need; on a page that htmx asks for, too."""
    page = who.page
    said = page.locator("main").get_by_text(SIMPLER)
    who.go("/search?q=collections")
    expect(page.get_by_role("link", name=NEED)).to_be_visible()
    expect(said).to_have_count(int(simpler))
    page.get_by_role("link", name=NEED).click()
    who.follow("Matching products")
    expect(page.locator("#picked .app-list__item").first).to_be_visible()
    expect(said).to_have_count(int(simpler))
    who.go("/products")
    page.get_by_label("Small or medium-sized supplier (SME)").check()
    if not who.javascript:
        with page.expect_navigation():
            page.locator("#filter-panel-apply").click()
    expect(page.locator(".app-results__summary")).to_contain_text("from a small")
    expect(said).to_have_count(int(simpler))
    who.look()
