"""A real server with the demo world: how soon its first page is there, and its memory.

`python -m tests.benchmarks.processes` prints the table.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import httpx
import psutil
from rich.console import Console

from tests.benchmarks.calling import UnexpectedAnswerError
from tests.benchmarks.comparing import Figure, table
from tests.services import free_port, serving

MEGABYTES = 250
SECONDS = 5
ROUNDS = 15  # of the pages below
PAGES = (
    "/",
    "/challenges",
    "/products",
    "/products?q=case+management&area=adult-social-care",
    "/search?q=bins",
    "/search?q=hosing+repairs",
    "/suppliers",
    "/notices",
    "/home",
)
WITH_MATCHES = 5  # challenges whose matches are asked for in every round


def run() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        with _marketplace(Path(folder)) as (_, __, first):
            pass
        with _marketplace(Path(folder)) as (process, address, second):
            asked = _use(address)
            memory = _memory(process.pid)
    return [
        Figure("first page after the first start, with planting", first, "s"),
        Figure("first page after a second start", second, "s", most=SECONDS),
        Figure(
            f"memory of a worker with the demo world after {asked} pages",
            memory,
            "MB",
            f"the bare interpreter: {_bare():.0f} MB",
            most=MEGABYTES,
        ),
    ]


@contextmanager
def _marketplace(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    """A server over this folder, its address, and after how many seconds its first page came."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    given = {"DATA_DIR": str(folder), "DATABASE_URL": "", "PORT": str(port)}
    began = perf_counter()
    with serving([sys.executable, "-m", "marketplace", "run"], address, given) as process:
        httpx.get(address, trust_env=False).raise_for_status()
        yield process, address, perf_counter() - began


def _use(address: str) -> int:
    """Uses every part of the marketplace as a borough does; how many pages that were."""
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        signed_in = client.post("/demo/sign-in", data={"persona": "hackney-buyer"})
        if signed_in.status_code != httpx.codes.SEE_OTHER:
            raise UnexpectedAnswerError(f"Nobody can sign in: {signed_in.status_code}")
        found = re.findall(r'"/challenges/([0-9a-f-]{36})"', client.get("/challenges").text)
        matches = [f"/challenges/{id}/matches" for id in dict.fromkeys(found)][:WITH_MATCHES]
        pages = [*PAGES, *matches, *(page.removesuffix("/matches") for page in matches)]
        for page in pages * ROUNDS:
            client.get(page).raise_for_status()
    return len(pages) * ROUNDS


def _bare() -> float:
    """The memory of an interpreter that has imported nothing."""
    waiting = "import sys; print(flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", waiting], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        process.stdout.readline()
        return _memory(process.pid)


def _memory(pid: int) -> float:
    """Megabytes that a process and its children hold in memory."""
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_info().rss for one in family) / 1e6


if __name__ == "__main__":
    Console().print(table(run()))
