"""Tables as CSV files and workbooks, which open in a spreadsheet program and do nothing there but
lie still.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO

from xlsxwriter import Workbook  # type: ignore[import-untyped]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of the file. Text that a program would take for a formula gets an apostrophe."""
    for row in (head, *rows):
        line = StringIO()
        csv.writer(line).writerow([_still(cell) for cell in row])
        yield line.getvalue()


def as_xlsx(
    head: Sequence[str], rows: Iterable[Sequence[str | int]], about: Mapping[str, str]
) -> bytes:
    """A workbook: the table on its first sheet, and on the second what it is, `about` itself.

    Text is written as text, so that none of it can be a formula or a link.
    """
    made = BytesIO()
    with Workbook(made, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        table, notes = book.add_worksheet("Table"), book.add_worksheet("About")
        table.freeze_panes(1, 1)
        table.set_column(0, 0, 40)
        for column, text in enumerate(head):
            table.write_string(0, column, text, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int):
                    table.write_number(number, column, cell)
                else:
                    table.write_string(number, column, cell)
        notes.set_column(0, 1, 40)
        for number, (name, text) in enumerate(about.items()):
            notes.write_string(number, 0, name, bold)
            notes.write_string(number, 1, text)
    return made.getvalue()


def _still(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
