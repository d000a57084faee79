"""The commands that a person types, on machines that lack something."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
OTHER_TOOLS = ("make", "sh", "bash", "env", "cat", "cksum", "cut", "sed", "dirname")


class Machine:
    """A checkout in a folder with a space in its name, and a path with what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "bin"
        self.path.mkdir()
        for tool in OTHER_TOOLS:
            if found := shutil.which(tool):
                (self.path / tool).symlink_to(found)
        self.checkout = folder / "the marketplace"
        self.checkout.mkdir()
        shutil.copy(REPOSITORY / "Makefile", self.checkout)
        shutil.copytree(REPOSITORY / ".ci", self.checkout / ".ci")

    def has(self, name: str, script: str) -> None:
        """Put a program on the path."""
        program = self.path / name
        program.unlink(missing_ok=True)
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def type(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.checkout,
            env={"PATH": str(self.path), **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_make_alone_lists_the_commands(machine: Machine) -> None:
    answer = machine.type("make")
    listed = [line.split()[1] for line in answer.stdout.splitlines()]
    assert listed == ["help", "run", "test", "test-search", "bench", "format", "lock", "clean"]


def test_a_python_too_old_is_one_sentence(machine: Machine) -> None:
    machine.has("python3", '[ "$1" = --version ] && echo Python 3.9.2 || exit 1')
    answer = machine.type("make", "run")
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[0] == (
        "Python 3.11 or newer is needed; python3 is Python 3.9.2. "
        "Install one, or name one: make run PYTHON=/path/to/python3"
    )


def test_no_python_at_all_is_one_sentence(machine: Machine) -> None:
    answer = machine.type("make", "run")
    assert answer.returncode == 2
    assert answer.stderr.startswith("Python 3.11 or newer is needed; python3 is not there. ")


def test_the_python_that_was_named_is_the_only_one_tried(machine: Machine) -> None:
    machine.has("python3", "echo Python 3.12.0")
    answer = machine.type("make", "run", "PYTHON=/opt/my python/python3")
    assert answer.returncode == 2
    assert "; /opt/my python/python3 is not there. " in answer.stderr


def test_a_python_that_cannot_make_environments_is_one_sentence(machine: Machine) -> None:
    machine.has("python3", 'case "$*" in *ensurepip*) exit 1 ;; *) echo Python 3.11.2 ;; esac')
    answer = machine.type("make", "run")
    assert answer.returncode == 2
    assert answer.stderr.splitlines()[0] == (
        "Python 3.11.2 cannot make virtual environments: install its venv and ensurepip modules "
        "(Debian and Ubuntu: apt install python3-venv)."
    )


def test_a_newer_python_under_another_name_is_found(machine: Machine) -> None:
    machine.has("python3", "exit 1")
    machine.has(
        "python3.12", 'case "$*" in --version) echo Python 3.12.9 ;; *venv\\ --*) exit 7 ;; esac'
    )
    answer = machine.type("make", "run")
    assert answer.stderr.startswith("Making the virtual environment with Python 3.12.9 …")


def test_the_pipeline_only_calls_make_test_and_hands_back_its_answer(
    machine: Machine, tmp_path: Path
) -> None:
    machine.has("make", 'echo "$PWD: make $*"; exit 7')
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    answer = subprocess.run(
        ["bash", machine.checkout / ".ci" / "run"],
        cwd=elsewhere,
        env={"PATH": str(machine.path), "CDPATH": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert answer.stdout == f"{machine.checkout}: make test\n"
    assert answer.returncode == 7


def test_the_scripts_can_be_started() -> None:
    for script in (REPOSITORY / ".ci").iterdir():
        assert os.access(script, os.X_OK), script
