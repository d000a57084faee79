"""A test whose program is not on this machine is skipped by name, or fails when so asked."""

import subprocess
import sys
from pathlib import Path

import pytest

MODULE = """
import pytest

@pytest.mark.browser
def test_looks_at_a_page():
    pass

def test_needs_no_program():
    pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text(
        f"[pytest]\npythonpath = {Path.cwd()}\nmarkers = browser: needs Chromium\n"
    )
    (tmp_path / "conftest.py").write_text('pytest_plugins = ["tests.programs"]\n')
    (tmp_path / "test_module.py").write_text(MODULE)
    return tmp_path


def run_without_a_browser(project: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider", *options]
    return subprocess.run(command, cwd=project, env={"PATH": ""}, capture_output=True, text=True)


def test_a_test_without_its_program_is_skipped_by_name(project: Path) -> None:
    answer = run_without_a_browser(project)
    assert "1 passed, 1 skipped" in answer.stdout
    assert "chromium is not on this machine" in answer.stdout
    assert answer.returncode == 0


def test_a_test_without_its_program_fails_where_programs_are_required(project: Path) -> None:
    answer = run_without_a_browser(project, "--require-programs")
    assert "1 passed, 1 error" in answer.stdout
    assert "chromium is not on this machine" in answer.stdout
    assert answer.returncode == 1
