"""A challenge from its draft to its publication, as two people bring it there without a window."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import httpx


@contextmanager
def signed_in(address: str, persona: str) -> Iterator[httpx.Client]:
    headers = {"Origin": address}
    with httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=30) as client:
        client.post("/demo/sign-in", data={"persona": persona})
        yield client


def publish(address: str, title: str) -> None:
    """Camden drafts and sends a challenge, and LOTI publishes it."""
    closes = datetime.now(UTC).date() + timedelta(days=40)
    with signed_in(address, "camden-buyer") as buyer:
        made = buyer.post("/challenges", data={"title": title})
        here = made.headers["location"].removesuffix("/edit")
        dates = {"day": closes.day, "month": closes.month, "year": closes.year}
        for section, form in {
            "need": {"title": title, "need": "Residents wait for an allotment for years."},
            "outcomes": {"affected": "Residents", "outcomes": "Everybody sees their place."},
            "today": {"today": "A ledger"},
            "area": {"area": "libraries", "cpv": ["48000000"]},
            "budget": {"band": "25k-100k"},
            "dates": {f"closes_on-{part}": number for part, number in dates.items()},
            "contact": {"contact_role": "Head of Parks"},
        }.items():
            saved = buyer.post(f"{here}/edit/{section}", data=form)
            assert saved.status_code == 303, (section, saved.text)
        assert buyer.post(f"{here}/submit").status_code == 303
    with signed_in(address, "loti-curator") as curator:
        assert curator.post(f"{here}/approve").status_code == 303
