"""`make run` on a new folder: it comes up, says where it is, ends quietly, or says why not."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx
import pytest

from tests.services import STARTING, free_port

COMMAND = [sys.executable, "-m", "marketplace", "run"]


@contextmanager
def typed_make_run(data: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """`make run` as a terminal starts it, in its own group of processes, and what it prints."""
    with tempfile.TemporaryFile("w+") as printed:
        process = subprocess.Popen(
            ["make", "run"],
            env={**os.environ, "DATA_DIR": str(data), "PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield process, printed
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def wait_for_first_page(address: str, process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + STARTING
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return httpx.get(address, trust_env=False).raise_for_status().text
        except httpx.ConnectError:
            time.sleep(0.1)
    return pytest.fail("no page came")


def test_make_run_serves_the_demo_world_twice_and_ends_quietly_with_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    documents = []
    for _ in ("first", "second"):
        with typed_make_run(tmp_path / "data", port) as (process, printed):
            assert "<h1" in wait_for_first_page(address, process)
            health = httpx.get(f"{address}/health", trust_env=False).json()
            documents.append(health["search"]["documents"])
            os.killpg(process.pid, signal.SIGINT)
            process.wait(30)
            printed.seek(0)
            words = printed.read()
        assert address in words
        assert "camden-buyer" in words
        assert "***" not in words
        assert "Traceback" not in words
    assert documents[0] == documents[1] > 100


def refusal(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        COMMAND, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def test_a_port_in_use_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        answer = refusal(DATA_DIR=str(tmp_path), PORT=port)
    assert answer.returncode == 2
    assert f"port {port}" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_sentence() -> None:
    answer = refusal(DATA_DIR="/proc/marketplace", PORT=str(free_port()))
    assert answer.returncode == 2
    assert "/proc/marketplace" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    nobody = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/nothing"
    answer = refusal(DATA_DIR=str(tmp_path), DATABASE_URL=nobody, PORT=str(free_port()))
    assert answer.returncode == 2
    assert answer.stderr.startswith("The database does not answer")
    assert len(answer.stderr.splitlines()) == 1


@pytest.mark.parametrize("secret", ["", "the demo's secret, known to everybody", "short"])
def test_outside_the_demo_it_wants_a_secret_of_its_own(tmp_path: Path, secret: str) -> None:
    answer = refusal(DATA_DIR=str(tmp_path), DEMO="false", SECRET_KEY=secret)
    assert answer.returncode == 2
    assert answer.stderr.startswith("Set SECRET_KEY to at least 32 characters")
    assert len(answer.stderr.splitlines()) == 1
