"""The demo world, served by a real server process to windows of a real browser."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services import free_port, serving


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the marketplace that is served."""
    return tmp_path_factory.mktemp("served")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """Where a marketplace of this module's own is served, with the demo world in it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "marketplace", "run"]
    settings = {"DATA_DIR": str(data), "PORT": str(port), "DATABASE_URL": "", "DEMO": "true"}
    with serving(command, address, settings):
        yield address
