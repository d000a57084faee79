"""The world of the crawl: made once a process, copied for every test that changes something."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from fastapi.testclient import TestClient

from auth import cookie
from auth.actor import VISITOR, Actor, Kind
from marketplace.app import Marketplace, assemble, build
from marketplace.core import db
from marketplace.organisations.personas import PERSONAS
from marketplace.settings import Settings
from tests.browser_of_pages import HERE, Browser
from tests.crawl.people import EVERYBODY, SUSPENDED, VISITING, sign_in
from tests.crawl.walk import Walk
from tests.crawl.world import Landmarks, make_world
from tests.services import Cluster


@pytest.fixture(scope="session", autouse=True)
def short_logs() -> Iterator[None]:
    """Drawing every variable of a page that broke takes longer than a hundred pages."""
    draw = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(processors=[structlog.processors.add_log_level, draw])
    yield
    structlog.reset_defaults()


@dataclass(frozen=True)
class World:
    """A marketplace that is planted and closed; every opening is of a copy."""

    copy: Callable[[], Settings]
    landmarks: Landmarks


@pytest.fixture(scope="session")
def world(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    new_database: Callable[[], str],
) -> World:
    folder = tmp_path_factory.mktemp("worlds")
    planted = Settings(data_dir=folder / "planted", database_url=new_database())
    made = assemble(planted)
    landmarks = make_world(made)
    made.close()

    def copy() -> Settings:
        target = folder / uuid4().hex
        shutil.copytree(planted.data_dir, target)
        if planted.database_url.startswith("sqlite"):
            source = Path(planted.database_url.removeprefix("sqlite:///"))
            return Settings(
                data_dir=target,
                database_url=f"sqlite:///{shutil.copy(source, target / 'copied.db')}",
            )
        cluster: Cluster = request.getfixturevalue("cluster")
        return Settings(
            data_dir=target, database_url=cluster.new_database(template=planted.database_url)
        )

    return World(copy, landmarks)


@pytest.fixture(scope="session")
def landmarks(world: World) -> Landmarks:
    return world.landmarks


@pytest.fixture(scope="session")
def standing(world: World) -> Iterator[Marketplace]:
    """The world for tests that only look."""
    made = assemble(world.copy())
    yield made
    made.close()


@pytest.fixture
def changing(world: World) -> Iterator[Marketplace]:
    """The world for one test that changes it."""
    made = assemble(world.copy())
    yield made
    made.close()


Arrive = Callable[[Marketplace, str], Browser]


@pytest.fixture(scope="session")
def arrive() -> Iterator[Arrive]:
    """Opens a browser and signs in, as a persona the way people do; a visitor does not."""
    opened: list[Browser] = []

    def arrive(marketplace: Marketplace, person: str) -> Browser:
        # A page that breaks is an answer too: the sweeps go on, and say where it was.
        client = TestClient(build(marketplace), base_url=HERE, raise_server_exceptions=False)
        who = VISITOR if person == VISITING else Actor(person, Kind.PUBLIC)
        browser = Browser(client, marketplace.engine, who)
        opened.append(browser)
        if person in PERSONAS:
            seen = browser.post("/demo/sign-in", persona=person)
            assert PERSONAS[person].name in seen.text
        elif person != VISITING:
            with db.writing(marketplace.engine) as session:
                client.cookies.set(cookie.name(secure=False), sign_in(session, person))
                session.commit()
        return browser

    yield arrive
    for browser in opened:
        browser.client.close()


@pytest.fixture(scope="session", params=[one for one in EVERYBODY if one != SUSPENDED])
def walk(
    request: pytest.FixtureRequest, standing: Marketplace, arrive: Arrive, landmarks: Landmarks
) -> Walk:
    """What one person finds by following every link, and by knowing where the landmarks are."""
    browser = arrive(standing, request.param)
    return Walk(browser, request.param).follow(["/", "/search?q=waste"], landmarks.starts())
