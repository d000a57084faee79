"""The locks: every package with its hash, nothing about where it came from, nothing left behind."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ENTRY = re.compile(
    r"(?P<name>[a-z0-9.-]+)==(?P<version>[\w.]+)(?: ; [\w .<>!='()-]+)?"
    r"(?: \\\n    --hash=sha256:[0-9a-f]{64})+"
)


def locked(name: str) -> set[str]:
    """`name==version` of each package; whatever is not a package with its hashes fails."""
    entries = re.split(r"\n(?! )", Path(name).read_text().strip())
    matches = [(entry, ENTRY.fullmatch(entry)) for entry in entries]
    assert [entry for entry, match in matches if match is None] == []
    return {f"{match['name']}=={match['version']}" for _, match in matches if match}


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt"]
)
def test_a_python_lock_holds_packages_with_their_hashes_and_nothing_else(name: str) -> None:
    assert locked(name)


def test_the_locks_hold_what_the_project_asks_for() -> None:
    asked = tomllib.loads(Path("pyproject.toml").read_text())
    run = {re.sub(r"\[.*\]", "", each) for each in asked["project"]["dependencies"]}
    development = set(asked["dependency-groups"]["dev"])
    assert {each for each in run if "==" in each} <= locked("requirements.txt")
    assert {each for each in development if "==" in each} <= locked("requirements-dev.txt")


def test_tests_run_on_the_packages_that_serve() -> None:
    assert locked("requirements.txt") <= locked("requirements-dev.txt")


def front_end_packages() -> dict[str, Any]:
    lock = json.loads(Path("package-lock.json").read_text())
    return {path: package for path, package in lock["packages"].items() if path}


def test_a_front_end_package_has_its_hash_and_no_address() -> None:
    packages = front_end_packages()
    assert packages
    for path, package in packages.items():
        assert package["integrity"].startswith("sha512-"), path
        assert "resolved" not in package, path


def test_the_front_end_lock_holds_what_the_project_asks_for() -> None:
    asked = json.loads(Path("package.json").read_text())
    packages = front_end_packages()
    for name, version in (asked["dependencies"] | asked["devDependencies"]).items():
        assert packages[f"node_modules/{name}"]["version"] == version
