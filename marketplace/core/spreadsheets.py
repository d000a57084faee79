"""Tables as CSV and XLSX files, which do nothing in a spreadsheet program but lie still."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO, StringIO

import xlsxwriter  # type: ignore[import-untyped]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767  # characters that a cell of an XLSX file holds
_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of the file. Text that a program would take for a formula gets an apostrophe."""
    for row in (head, *rows):
        line = StringIO()
        csv.writer(line).writerow([_still(cell) for cell in row])
        yield line.getvalue()


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[str]], about: Mapping[str, str]) -> bytes:
    """A workbook of two sheets: the table, and "About" with who asked, when and for what. Every
    cell is text.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        table = book.add_worksheet("Table")
        table.freeze_panes(1, 1)
        table.set_column(0, max(len(head) - 1, 0), 30)
        for place, row in enumerate((head, *rows)):
            for column, cell in enumerate(row):
                text = _still(cell)[:LONGEST_CELL]
                table.write_string(place, column, text, bold if place == 0 else wrapped)
        told = book.add_worksheet("About")
        told.set_column(0, 1, 40)
        for place, (name, value) in enumerate(about.items()):
            told.write_string(place, 0, _still(name)[:LONGEST_CELL], bold)
            told.write_string(place, 1, _still(value)[:LONGEST_CELL], wrapped)
    return file.getvalue()


def _still(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
