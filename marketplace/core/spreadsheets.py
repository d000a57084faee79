"""Tables as CSV files that open in a spreadsheet program, and do nothing there but lie still."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of the file. Text that a program would take for a formula gets an apostrophe."""
    for row in (head, *rows):
        line = StringIO()
        csv.writer(line).writerow([_still(cell) for cell in row])
        yield line.getvalue()


def _still(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
