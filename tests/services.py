"""Real services for tests: a throw-away PostgreSQL, a server process, and where the programs are.

Everything started here listens on a socket of its own or on 127.0.0.1, is ended by its own process
id, and dies with the process that started it, so an interrupted test leaves nothing running.
"""

import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
from sqlalchemy import make_url

STARTING = 180.0  # seconds a service may take until it answers, on a busy machine
STOPPING = 20.0  # seconds it may take to end before it is killed


class NotReadyError(Exception):
    """A service ended, or did not answer in time; the message carries what it printed."""


def chromium() -> Path | None:
    """The browser of this machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def postgresql_programs() -> Path | None:
    """The folder of `initdb` and `postgres`: Debian keeps its own off the path."""
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(debian, key=lambda program: float(program.parts[-3]), default=None)
    if newest is not None:
        return newest.parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def missing() -> tuple[str, ...]:
    """The programs that tests drive and this machine lacks, by the names of Debian's packages."""
    found = {"chromium": chromium(), "postgresql": postgresql_programs()}
    return tuple(name for name, program in found.items() if program is None)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listened on a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL server of our own, reached through a socket in its folder."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}&port=5432"

    def new_database(self, template: str | None = None) -> str:
        """The URL of a new database: an empty one, or a copy of the one at the URL `template`."""
        name = f"test_{uuid4().hex}"
        copied = make_url(template).database if template else "template1"
        self._command(f'CREATE DATABASE "{name}" TEMPLATE "{copied}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Remove a database, ending the connections that are still open to it."""
        self._command(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')

    def empty(self, url: str) -> None:
        """Take every row out of every table, but for the mark of how far the tables were migrated,
        ending the connections that are still at something. Idle ones stay for the next test: a new
        one has to learn about every table again.
        """
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            others = "datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'"
            connection.execute(
                f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE {others}"
            )
            tables = connection.execute(
                "SELECT quote_ident(tablename) FROM pg_tables"
                " WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
            ).fetchall()
            # As a replica, nothing that points from one table to another is looked at.
            deleting = "".join(f"DELETE FROM {name};" for (name,) in tables)
            connection.execute(f"SET session_replication_role = replica;{deleting}".encode())

    def is_ready(self) -> bool:
        try:
            self._command("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def _command(self, statement: str) -> None:
        with psycopg.connect(
            host=str(self.folder), port=5432, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


@contextmanager
def postgresql() -> Iterator[Cluster]:
    """A new PostgreSQL cluster, gone afterwards; made for speed, not for surviving a power cut."""
    programs = postgresql_programs()
    if programs is None:
        raise NotReadyError("PostgreSQL's programs are not on this machine")
    # PostgreSQL refuses to run as root; Debian's package brings a person of this name.
    person = "postgres" if os.getuid() == 0 else None
    # A socket's path may have no more than a hundred letters, so not wherever TMPDIR points.
    folder = Path(tempfile.mkdtemp(prefix="postgresql-", dir="/tmp"))
    try:
        if person:
            shutil.chown(folder, person)
        data = str(folder / "data")
        initdb = [str(programs / "initdb"), "--pgdata", data, "--username=postgres", "--auth=trust"]
        initdb += ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        made = subprocess.run(initdb, user=person, cwd=folder, capture_output=True, text=True)
        if made.returncode:
            raise NotReadyError(made.stderr)
        server = [str(programs / "postgres"), "-D", data, "-k", str(folder), "-p", "5432"]
        server += ["-c", "listen_addresses=", "-c", "fsync=off"]
        server += ["-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        cluster = Cluster(folder)
        with _running(server, cluster.is_ready, person=person, ended_by=signal.SIGINT):
            yield cluster
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(
    command: Sequence[str], address: str, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a web server until the block ends, from when its `/health` first answers 200.

    `environment` is added to this process's own.
    """

    def is_healthy() -> bool:
        try:
            return httpx.get(f"{address}/health", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    with _running(command, is_healthy, environment=environment) as process:
        yield process


@contextmanager
def openid_provider(*people: Mapping[str, object]) -> Iterator[str]:
    """Run a provider of OpenID Connect until the block ends; its issuer. It knows these people by
    their claims, `sub` among them, and takes any client and secret.
    """
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "oidc_provider_mock", f"--port={port}", "--require-nonce=true"]
    command += [f"--user-claims={json.dumps(claims)}" for claims in people]

    def is_ready() -> bool:
        address = f"{issuer}/.well-known/openid-configuration"
        try:
            return httpx.get(address, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    with _running(command, is_ready):
        yield issuer


@contextmanager
def _running(
    command: Sequence[str],
    is_ready: Callable[[], bool],
    environment: Mapping[str, str] | None = None,
    person: str | None = None,
    ended_by: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            command,
            env={**os.environ, **(environment or {})},
            user=person,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            preexec_fn=_end_with_parent(ended_by),
        )
        try:
            deadline = time.monotonic() + STARTING
            while not is_ready():
                if process.poll() is not None or time.monotonic() > deadline:
                    printed.seek(0)
                    words = printed.read().decode(errors="replace")
                    raise NotReadyError(f"{command[0]} ({process.returncode}) said:\n{words}")
                time.sleep(0.05)
            yield process
        finally:
            process.send_signal(ended_by)
            with suppress(subprocess.TimeoutExpired):
                process.wait(STOPPING)
            process.kill()
            process.wait()


def _end_with_parent(number: signal.Signals) -> Callable[[], None] | None:
    """On Linux: the kernel sends the signal when this process is gone, even if it was killed."""
    if not sys.platform.startswith("linux"):
        return None
    control = ctypes.CDLL(None).prctl
    return lambda: control(1, int(number))  # 1: PR_SET_PDEATHSIG


if __name__ == "__main__":
    sys.stdout.write("".join(f"{name}\n" for name in missing()))
