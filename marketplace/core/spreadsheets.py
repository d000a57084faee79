"""Tables as CSV files and workbooks, which open in a spreadsheet program and do nothing there but
lie still.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from io import BytesIO, StringIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from xlsxwriter import Workbook  # type: ignore[import-untyped]

Cell = str | int | Decimal
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

ODS = "application/vnd.oasis.opendocument.spreadsheet"
_NAMESPACE = "urn:oasis:names:tc:opendocument:xmlns"
_CONTENT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<office:document-content xmlns:office="{_NAMESPACE}:office:1.0" '
    f'xmlns:table="{_NAMESPACE}:table:1.0" xmlns:text="{_NAMESPACE}:text:1.0" '
    'office:version="1.3"><office:body><office:spreadsheet>{}</office:spreadsheet></office:body>'
    "</office:document-content>"
)
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    f'<manifest:manifest xmlns:manifest="{_NAMESPACE}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of the file. Text that a program would take for a formula gets an apostrophe."""
    for row in (head, *rows):
        line = StringIO()
        csv.writer(line).writerow([_still(cell) for cell in row])
        yield line.getvalue()


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[Cell]], about: Mapping[str, str]) -> bytes:
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
                if isinstance(cell, int | Decimal):
                    table.write_number(number, column, cell)
                else:
                    table.write_string(number, column, cell)
        notes.set_column(0, 1, 40)
        for number, (name, text) in enumerate(about.items()):
            notes.write_string(number, 0, name, bold)
            notes.write_string(number, 1, text)
    return made.getvalue()


def as_ods(head: Sequence[str], rows: Iterable[Sequence[Cell]], about: Mapping[str, str]) -> bytes:
    """The same as an OpenDocument spreadsheet: a cell is text or a number, and never a formula."""
    table = "".join(map(_ods_row, (head, *rows)))
    notes = "".join(map(_ods_row, about.items()))
    body = (
        f'<table:table table:name="Table">{table}</table:table>'
        f'<table:table table:name="About">{notes}</table:table>'
    )
    made = BytesIO()
    with ZipFile(made, "w") as book:
        book.writestr("mimetype", ODS, ZIP_STORED)  # first and as it is, so that it can be told
        book.writestr("META-INF/manifest.xml", _MANIFEST, ZIP_DEFLATED)
        book.writestr("content.xml", _CONTENT.format(body), ZIP_DEFLATED)
    return made.getvalue()


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    kind = "string" if isinstance(cell, str) else f'float" office:value="{cell}'
    seen = "".join(one if one.isprintable() else " " for one in str(cell))  # as XML can hold it
    start = f'<table:table-cell office:value-type="{kind}">'
    return f"{start}<text:p>{escape(seen)}</text:p></table:table-cell>"


def _still(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
