"""A pytest plug-in: tests whose program is not on this machine are skipped by name, or fail."""

from collections.abc import Iterator

import pytest

from tests.services import Cluster, missing, postgresql

# Marker → the program it needs, by the name that `missing` gives it.
NEEDED = {"browser": "chromium", "postgresql": "postgresql"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-programs",
        action="store_true",
        help="fail the tests whose program is not on this machine instead of skipping them",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker, program in NEEDED.items():
        if item.get_closest_marker(marker):
            need(item.config, program)


def need(config: pytest.Config, program: str) -> None:
    """Skips, or fails where every program is required, when a program is not on this machine."""
    if program in missing():
        words = f"{program} is not on this machine"
        if config.getoption("--require-programs"):
            pytest.fail(words, pytrace=False)
        pytest.skip(words)


@pytest.fixture(scope="session")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """A PostgreSQL server for all the tests of one process."""
    need(request.config, "postgresql")
    with postgresql() as running:
        yield running
