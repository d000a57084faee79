"""Commands of `python -m marketplace`, as an operator types them, in this process: starting one
takes seconds. That the door itself opens, with a process of its own, is tested where it is run.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session
from typer.testing import CliRunner, Result

from marketplace.__main__ import cli
from marketplace.settings import Settings

TypeIn = Callable[..., Result]


@pytest.fixture
def type_in(settings: Settings, session: Session, monkeypatch: pytest.MonkeyPatch) -> TypeIn:
    """Runs a command over the test's own database, after what the test has written."""
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)

    def type_in(*words: object, **more: Any) -> Result:
        session.commit()  # the command has a connection of its own
        return CliRunner().invoke(cli, [str(one) for one in words], **more)

    return type_in
