"""The platform agreement: its versions, in the order in which they came into force.

A text that somebody may have signed is never edited: a change is a new version beside it.
"""

from functools import cache
from hashlib import sha256
from pathlib import Path

VERSIONS = ("2026-11",)
IN_FORCE = VERSIONS[-1]


@cache
def text(version: str) -> str:
    """The agreement in that version, as Markdown."""
    return Path(__file__).with_name(f"agreement-{version}.md").read_text(encoding="utf-8")


def digest(version: str) -> str:
    """What shows that a text is the one that was signed."""
    return sha256(text(version).encode()).hexdigest()
