"""What the command line shows of an import: a bar while it reads, then a table, or JSON."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from marketplace.notices.models import Import
from marketplace.notices.staging import Watch

COUNTS = ("read", "new", "updated", "unchanged", "refused", "warnings")
SHOWN = 15  # problems


@contextmanager
def bar(name: str, size: int, *, silent: bool) -> Iterator[Watch]:
    """How far the reading is, on the error stream of a terminal and nowhere else."""
    columns = (
        TextColumn("Reading {task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    hidden = silent or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        task = progress.add_task(name, total=size or None)
        yield lambda position: progress.update(task, completed=position)


def as_json(import_: Import) -> str:
    told: dict[str, Any] = {name: getattr(import_, name) for name in COUNTS}
    return json.dumps({**told, "problems": import_.problems}, ensure_ascii=False)


def show(import_: Import, out: Console) -> None:
    counts = Table(*(name.capitalize() for name in COUNTS), box=None)
    counts.add_row(*(f"{getattr(import_, name):,}" for name in COUNTS))
    out.print(counts)
    if not import_.problems:
        return
    problems = Table("Record", "Field", "Reason", box=None, title_justify="left")
    for problem in import_.problems[:SHOWN]:
        problems.add_row(*(problem[name] for name in ("record", "field", "reason")))
    out.print()
    out.print(problems)
    left = import_.refused + import_.warnings - SHOWN
    if left > 0:
        out.print(f"… and {left:,} more. Add --json to see them.")


def say(text: str) -> None:
    """Text alone on standard output, whatever the terminal is like."""
    sys.stdout.write(f"{text}\n")
