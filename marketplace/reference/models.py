"""The codes of the Common Procurement Vocabulary that an operator has read in."""

from sqlmodel import Field

from marketplace.core.db import Table


class CpvCode(Table, table=True):
    """A code of the standard beside those that are shipped, or one with its official label."""

    code: str = Field(unique=True)  # eight digits
    label: str
