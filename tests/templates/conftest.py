"""The sample pages, drawn alone and served to a real browser."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from playwright.sync_api import Browser

from tests.services import free_port
from tests.templates import workbench
from tests.windows import Window, opened


@dataclass
class Samples:
    """The sample pages through HTTP."""

    client: TestClient

    def see(self, url: str) -> BeautifulSoup:
        return BeautifulSoup(self.client.get(url).text, "html.parser")

    def send(self, url: str, **form: str) -> BeautifulSoup:
        return BeautifulSoup(self.client.post(url, data=form).text, "html.parser")


@pytest.fixture(scope="session")
def samples() -> Iterator[Samples]:
    client = TestClient(workbench.build())
    yield Samples(client)
    client.close()


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    port = free_port()
    settings = uvicorn.Config(workbench.build(), port=port, log_level="warning", ws="none")
    server = uvicorn.Server(settings)
    serving = threading.Thread(target=server.run)
    serving.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    serving.join()


@pytest.fixture(params=[1280, 375], ids=["wide", "phone"])
def window(request: pytest.FixtureRequest, chrome: Browser, address: str) -> Iterator[Window]:
    with opened(chrome, address, width=request.param) as window:
        yield window
