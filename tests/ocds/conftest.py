"""The drafts that tests of tenders begin from."""

from tests.tenders.conftest import tender

__all__ = ["tender"]
