"""What every test can ask for: a fresh database, rows, and a browser that inspects what it sees."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from marketplace.app import Marketplace, assemble, build
from marketplace.core.outbox import deliver
from marketplace.settings import Settings
from search.port import Index
from tests import programs
from tests.browser_of_pages import HERE, Browser
from tests.commands import type_in
from tests.databases import Databases, of_postgresql, of_sqlite
from tests.make import Make
from tests.programs import cluster, pytest_runtest_setup
from tests.windows import chrome

# Fixtures and a hook that hold for every test; one browser a process, as Playwright wants it.
__all__ = ["chrome", "cluster", "pytest_runtest_setup", "type_in"]

SHARED = Path(__file__).parents[2] / "shared"

for name in Settings.model_fields:  # a developer's own settings are not the tests'
    os.environ.pop(name.upper(), None)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")
    programs.pytest_addoption(parser)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "reference" in item.keywords and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="the reference data in ../shared is absent"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The reference data beside the project."""
    return SHARED


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Databases]:
    if request.config.getoption("--database") == "sqlite":
        with of_sqlite(tmp_path_factory.mktemp("databases")) as made:
            yield made
    else:
        with of_postgresql(request.getfixturevalue("cluster")) as made:
            yield made


@pytest.fixture(scope="session")
def new_database(databases: Databases) -> Callable[[], str]:
    """Makes databases with every table in them."""
    return databases.new


@pytest.fixture
def settings(tmp_path: Path, databases: Databases) -> Iterator[Settings]:
    url = databases.new()
    yield Settings(data_dir=tmp_path, database_url=url, meili_url="")
    databases.give_back(url)


@pytest.fixture
def marketplace(settings: Settings) -> Iterator[Marketplace]:
    """The parts of a marketplace with an empty database, index and file store of its own."""
    made = assemble(settings)
    yield made
    made.close()


@pytest.fixture
def index(marketplace: Marketplace) -> Index:
    return marketplace.index


@pytest.fixture
def session(marketplace: Marketplace) -> Iterator[Session]:
    with Session(marketplace.engine, expire_on_commit=False) as opened:
        yield opened


@pytest.fixture
def make(session: Session) -> Make:
    return Make(session)


@pytest.fixture
def news(marketplace: Marketplace) -> Callable[[], int]:
    """Delivers what the journal owes its listeners, as the courier does after each change."""
    return lambda: deliver(marketplace.engine)


@pytest.fixture
def browser(marketplace: Marketplace) -> Iterator[Browser]:
    app = build(marketplace)
    app.state.who = lambda request, session: browser.actor
    # Without `with`: the courier does not run, so a test says itself when news is delivered.
    browser = Browser(TestClient(app, base_url=HERE), marketplace.engine)
    yield browser
    browser.client.close()
