"""A supplier bids, its colleague comes too late, and two boroughs open the bids, in windows.

The deadline passes because the test moves it: nobody waits for it.
"""

import re
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from marketplace.core.times import now
from tests.browser.people import Somebody, somebody

pytestmark = [pytest.mark.browser]
TENDER = "Reporting of missed and contaminated collections"


@pytest.fixture
def deadline_over(address: str, data: Path) -> Callable[[], None]:
    """Moves the deadline of the tender to a second ago, in the database of the server."""

    def move() -> None:
        past = (now() - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
        with sqlite3.connect(data / "marketplace.db", timeout=10) as database:
            moved = database.execute(
                "UPDATE tender SET closes_at = ? WHERE public_title = ?", (past, TENDER)
            )
            assert moved.rowcount == 1
        database.close()

    return move


def _task(who: Somebody, bid: str, task: str, **typed: str) -> None:
    who.go(f"{bid}/tasks/{task}")
    for name, text in typed.items():
        who.page.locator(f"[name={name}]").first.fill(text)


def test_a_supplier_bids_a_late_save_is_refused_and_two_boroughs_open_the_bids(
    chrome: Browser, address: str, deadline_over
) -> None:
    with (
        somebody(chrome, address) as supplier,
        somebody(chrome, address, javascript=False, width=375) as colleague,
        somebody(chrome, address) as hackney,
        somebody(chrome, address, width=375) as camden,
    ):
        supplier.sign_in("supplier-one")
        supplier.go("/tenders?bids=open")
        supplier.follow(TENDER)
        supplier.press("Bid for this tender")
        supplier.press("Start a bid")
        bid = supplier.page.url
        _write(supplier, bid)
        supplier.go(bid)
        supplier.press("Check and submit")
        expect(supplier.page.locator("main")).not_to_contain_text("A fine of 2024.")
        supplier.press("Submit the bid")
        supplier.reads("Bid submitted")
        expect(supplier.page.locator("main")).to_contain_text(re.compile("[0-9a-f]{64}"))
        supplier.go("/outbox")
        supplier.wait_for(supplier.page.get_by_role("heading", name=re.compile("We have your bid")))

        _task(supplier, bid, "question-1")
        supplier.page.get_by_label("Your answer").fill("A report by one press, kept until sent.")
        expect(supplier.page.locator("#saved")).to_contain_text("Kept automatically")
        supplier.press("Save")
        expect(supplier.page.locator("main")).to_contain_text("What you see here is what counts")

        colleague.sign_in("supplier-one")
        colleague.go(f"{bid}/tasks/question-1")
        colleague.page.get_by_label("Your answer").fill("One thing more.")
        hackney.sign_in("hackney-buyer")
        hackney.go(bid.replace("/bid", "/workspace/bids"))
        expect(hackney.page.locator("main")).not_to_contain_text("Binfold")
        expect(hackney.page.locator("main")).to_contain_text("Bids are sealed")

        deadline_over()
        colleague.press("Save")
        expect(colleague.page.locator("main")).to_contain_text("Bidding closed on")
        expect(colleague.page.get_by_label("Your answer")).to_have_value("One thing more.")
        assert not colleague.window.overflows()

        hackney.page.reload()
        expect(hackney.page.locator("main")).to_contain_text("1 question is not answered")
        hackney.follow("Record why they are opened all the same")
        hackney.page.locator("[name=because]").fill("It came in after the last moment for it.")
        hackney.press("Record the reason")
        hackney.press("Begin to open the bids")
        expect(hackney.page.locator("main")).to_contain_text("Somebody of another authority")
        hackney.look()
        camden.sign_in("camden-approver")
        camden.go(bid.replace("/bid", "/workspace/bids"))
        camden.press("Open the bids")
        camden.press("Open the bids")
        expect(camden.page.locator("main")).to_contain_text(re.compile("bids? (was|were) opened"))
        expect(camden.page.locator("main")).not_to_contain_text("Binfold")
        camden.look()
        supplier.go(bid)
        expect(supplier.page.locator("main")).to_contain_text("A report by one press")
        expect(supplier.page.locator("main")).not_to_contain_text("One thing more.")


def _write(supplier: Somebody, bid: str) -> None:
    _task(supplier, bid, "contact", contact_email="bids@binfold.example")
    supplier.press("Save")
    for task, text in (("question-1", "Crews press once."), ("question-2", "Six apprentices.")):
        supplier.go(f"{bid}/tasks/{task}")
        supplier.page.get_by_label("Your answer").fill(text)
        supplier.press("Save")
    prices = {"line1_quantity": "40", "line1_price": "720", "line2_quantity": "15"}
    prices |= {"line2_price": "640.01", "line3_item": "Yearly fee", "line3_quantity": "3"}
    prices |= {"line3_price": "24,500.50"}
    _task(supplier, bid, "prices", **prices)
    supplier.page.get_by_label("Standard rate, 20%").check()
    supplier.press("Save")
    expect(supplier.page.locator("main")).to_contain_text("£640.01 is more than £640")
    supplier.window.complaints.clear()  # the browser notes that the answer was a 422
    supplier.page.locator("[name=line2_price]").fill("640")
    supplier.press("Save")
    supplier.go(f"{bid}/tasks/standards")
    for choice in supplier.page.get_by_label(re.compile("assessed on")).all():
        choice.check()
    for box in supplier.page.locator("textarea").all():
        box.fill("As our report of this year shows.")
    supplier.press("Save")
    supplier.go(f"{bid}/files")
    supplier.page.locator("input[type=file]").set_input_files(
        {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"Where the bins are.\n"}
    )
    supplier.press("Upload")
    supplier.go(f"{bid}/tasks/declaration")
    evidence = supplier.page.get_by_label("If yes: which, when, and what you have done since")
    expect(evidence).to_be_hidden()
    supplier.page.locator("[name=mandatory][value=true]").check()
    evidence.fill("A fine of 2024.")
    for name in ("mandatory", "discretionary", "debarred"):
        supplier.page.locator(f"[name={name}][value=false]").check()
    expect(evidence).to_be_hidden()
    supplier.page.locator("[name=true_and_ours]").check()
    supplier.press("Save")
