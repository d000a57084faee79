"""The services that other tests start: they work, they are apart, and nothing of them stays."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests import services
from tests.services import Cluster, NotReadyError, free_port, postgresql, serving

SERVER = """
import http.server, sys

class Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" else 404)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Answers).serve_forever()
"""


def is_alive(process: int) -> bool:
    """Whether it runs: one that has ended and waits to be noticed does not."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.postgresql
def test_a_new_database_keeps_what_it_is_given(cluster: Cluster) -> None:
    engine = create_engine(cluster.new_database())
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE borough (name text)"))
        connection.execute(text("INSERT INTO borough VALUES ('Camden')"))
    with engine.connect() as connection:
        assert connection.execute(text("SELECT lower(name) FROM borough")).scalar() == "camden"
    engine.dispose()


@pytest.mark.postgresql
def test_a_copy_of_a_database_changes_without_its_template(cluster: Cluster) -> None:
    template = cluster.new_database()
    engine = create_engine(template)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE borough (name text)"))
    engine.dispose()

    copy = create_engine(cluster.new_database(template))
    with copy.begin() as connection:
        connection.execute(text("INSERT INTO borough VALUES ('Hackney')"))
    copy.dispose()

    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM borough")).scalar() == 0
    engine.dispose()


@pytest.mark.postgresql
def test_a_dropped_database_is_gone_though_somebody_was_connected(cluster: Cluster) -> None:
    url = cluster.new_database()
    address = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address) as connection:
        cluster.drop_database(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address)


@pytest.mark.postgresql
def test_a_cluster_leaves_no_process_and_no_file() -> None:
    with postgresql() as running:
        server = int((running.folder / "data" / "postmaster.pid").read_text().split()[0])
        assert is_alive(server)
    assert not is_alive(server)
    assert not running.folder.exists()


@pytest.mark.postgresql
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a process with its parent")
def test_a_cluster_ends_with_the_process_that_started_it_even_when_that_is_killed() -> None:
    script = """
from tests.services import postgresql
with postgresql() as running:
    print((running.folder / "data" / "postmaster.pid").read_text().split()[0], flush=True)
    input()
"""
    starter = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdin
    assert starter.stdout
    with starter:
        server = int(starter.stdout.readline())
        folder = Path(os.readlink(f"/proc/{server}/cwd")).parent
        starter.send_signal(signal.SIGKILL)
    try:
        deadline = time.monotonic() + 20
        while is_alive(server) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not is_alive(server)
    finally:
        shutil.rmtree(folder)


def test_a_server_is_used_from_its_first_healthy_answer_until_the_block_ends() -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with serving([sys.executable, "-c", SERVER, str(port)], address) as process:
        assert httpx.get(f"{address}/health", trust_env=False).status_code == 200
        assert process.poll() is None
    assert process.poll() is not None
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/health", trust_env=False)


def test_a_server_sees_the_environment_it_is_given() -> None:
    command = [sys.executable, "-c", "import os, sys; sys.exit(os.environ['WORDS'])"]
    with (
        pytest.raises(NotReadyError, match="no room in the folder"),
        serving(command, "http://127.0.0.1:1", {"WORDS": "no room in the folder"}),
    ):
        pytest.fail("a server that never answered was used")


def test_a_server_that_never_answers_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "STARTING", 2.0)
    with (
        pytest.raises(NotReadyError) as failure,
        serving(["sh", "-c", "echo $$; exec sleep 60"], f"http://127.0.0.1:{free_port()}"),
    ):
        pytest.fail("a server that never answered was used")
    assert not is_alive(int(str(failure.value).splitlines()[-1]))


def test_what_a_machine_lacks_is_named_as_debian_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "chromium", lambda: None)
    monkeypatch.setattr(services, "postgresql_programs", lambda: Path("/usr/lib/postgresql/17/bin"))
    assert services.missing() == ("chromium",)
