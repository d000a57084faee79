"""What the blocks of a home page say."""

from datetime import date, timedelta

from bs4 import BeautifulSoup

from marketplace.core.times import in_london, now


def in_days(number: int) -> date:
    return in_london(now()).date() + timedelta(days=number)


def items(seen: BeautifulSoup, block: str) -> list[str]:
    """What the links of a block say."""
    found = seen.select_one(f"#{block}")
    assert found, f"there is a block {block}"
    return [" ".join(a.get_text(" ", strip=True).split()) for a in found.select("a")]


def text(seen: BeautifulSoup, block: str) -> str:
    found = seen.select_one(f"#{block}")
    assert found, f"there is a block {block}"
    return " ".join(found.get_text(" ", strip=True).split())
