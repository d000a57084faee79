"""The demo world, served by a real server process to windows of a real browser."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.services import free_port, serving


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a marketplace that was served once, so that the demo world stands in it."""
    folder = tmp_path_factory.mktemp("planted")
    with _served(folder):
        pass
    return folder


@pytest.fixture(scope="module")
def data(planted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the marketplace that is served."""
    return shutil.copytree(planted, tmp_path_factory.mktemp("served") / "data")


@pytest.fixture(scope="module")
def address(data: Path) -> Iterator[str]:
    """Where a marketplace of this module's own is served, with the demo world in it."""
    with _served(data) as address:
        yield address


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "marketplace", "run"]
    settings = {"DATA_DIR": str(folder), "PORT": str(port), "DATABASE_URL": "", "DEMO": "true"}
    with serving(command, address, settings):
        yield address
