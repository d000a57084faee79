"""The main job, end to end on real notices: from a published notice to ranked products."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from marketplace.core.times import in_london, now
from tests.browser.people import Somebody, somebody

pytestmark = [pytest.mark.browser, pytest.mark.reference]

NOTICE = "Commercial Waste Management System"
NOTE = "Our depot lease ends first, so talk to us early."


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_from_a_notice_to_a_shared_challenge_with_ranked_products(
    chrome: Browser, address: str, shared: Path, javascript: bool
) -> None:
    title = f"Trade waste is billed from memory, {'with' if javascript else 'without'} scripts"
    with somebody(chrome, address, javascript=javascript) as camden:
        camden.sign_in("camden-buyer")
        _read_in(camden, shared / "data" / "ocds" / "contracts_finder_2024-11.json")
        challenge = _start_from_the_notice(camden, title)
        _complete(camden)
        camden.press("Send to LOTI")
        camden.reads(title)
        expect(camden.page.locator("main")).to_contain_text("LOTI is reviewing this")

        with somebody(chrome, address, javascript=javascript) as curator:
            curator.sign_in("loti-curator")
            curator.page.get_by_role("link", name=re.compile(title)).first.click()
            curator.look()
            curator.press("Publish it")
            curator.page.goto(challenge)
            curator.reads(title)
            expect(curator.page.locator("main .govuk-tag").first).to_have_text("Open")

        with somebody(chrome, address, javascript=javascript) as hackney:
            hackney.sign_in("hackney-buyer")
            _find(hackney, title)
            _join(hackney)
            _sees_ranked_products(hackney, challenge)

        _sees_ranked_products(camden, challenge)
        camden.go(challenge)
        expect(camden.page.locator("#commitments")).to_contain_text("Hackney")

    with somebody(chrome, address, javascript=javascript) as supplier:
        supplier.sign_in("supplier-one")
        supplier.wait_for(supplier.page.get_by_role("link", name=re.compile(title)))
        supplier.page.get_by_role("link", name=re.compile(title)).first.click()
        supplier.reads(title)
        expect(supplier.page.locator("main")).not_to_contain_text(NOTE)

    with somebody(chrome, address, javascript=javascript, width=375) as visitor:
        visitor.go(challenge)
        expect(visitor.page.locator("main")).to_contain_text("Hackney")
        assert NOTE not in visitor.page.content()
        assert visitor.page.get_by_role("button", name=re.compile("Say it for")).count() == 0


def _read_in(who: Somebody, file: Path) -> None:
    who.go("/notices/import")
    who.page.locator("input[type=file]").set_input_files(file)
    who.press("Upload and read in")
    done = who.page.get_by_role("heading", name="New notices")
    if who.javascript:
        expect(done).to_be_visible(timeout=60_000)
    else:
        expect(who.page.get_by_role("heading", level=1)).to_contain_text("Import of")
        who.wait_for(done)
    expect(who.page.locator("#counts, table").first).to_contain_text("100")
    who.look()


def _start_from_the_notice(who: Somebody, title: str) -> str:
    who.go(f"/search?q={NOTICE}&kind=notice")
    found = who.page.get_by_role("link", name=re.compile(NOTICE))
    who.wait_for(found)
    found.first.click()
    who.reads(re.compile(NOTICE))
    who.press("Start a challenge from this notice")
    who.look()
    expect(who.page.get_by_label("A title for the challenge")).to_have_value(re.compile(NOTICE))
    who.page.get_by_label("A title for the challenge").fill(title)
    who.press("Start the draft")
    who.page.wait_for_url(re.compile(r"/challenges/[0-9a-f-]{36}/edit"))
    who.look()
    return who.page.url.removesuffix("/edit").partition("/edit")[0]


def _complete(who: Somebody) -> None:
    today = in_london(now()).date()
    page = who.page

    def task(name: str) -> None:
        page.locator("#tasks, main").get_by_role("link", name=name).first.click()
        page.wait_for_load_state()
        who.look()

    def save() -> None:
        who.press("Save and continue")
        page.wait_for_url(re.compile(r"/edit$"))

    task("Describe the need")
    expect(page.get_by_label("What the problem is")).to_have_value(re.compile("joint procurement"))
    page.get_by_label("What the problem is").fill(
        "Commercial waste customers are billed from a spreadsheet. Bins, rounds, duty of care "
        "notes and direct debits live in four places, and missed collections are argued about."
    )
    save()
    task("Say who is affected and what should change")
    page.get_by_label("Who is affected").fill("3,400 businesses and the trade waste team.")
    page.get_by_label("What should be different afterwards").fill(
        "Every container is invoiced right the first time, and crews see who is on stop."
    )
    save()
    task("Say what exists today")
    page.get_by_label("What exists today").fill("A spreadsheet and a finance system.")
    save()
    task("Choose the area of work and CPV codes")
    page.get_by_label("The area of work").select_option("waste")
    save()
    task("Give an indicative budget")
    page.get_by_label("£25,000 to £100,000 a year").check()
    save()
    task("Set the dates")
    who.on(today + timedelta(days=45), "closes_on")
    save()
    task("Say who to contact")
    page.get_by_label("The role to contact").fill("Head of Commercial Waste")
    save()
    task("Check your answers and send them to LOTI")
    who.reads("Check your answers")


def _find(who: Somebody, title: str) -> None:
    who.go("/")
    box = who.page.get_by_label("What do you need, or what do you offer?")
    box.fill("trade waste billed from memory")
    box.press("Enter")
    who.reads("Search")
    found = who.page.get_by_role("link", name=re.compile(title))
    who.wait_for(found)
    found.first.click()
    who.reads(title)


def _join(who: Somebody) -> None:
    today = in_london(now()).date()
    who.page.get_by_label("Committed", exact=True).check()
    who.page.get_by_label("How many").fill("1,900")
    who.page.get_by_label("What you count").fill("business customers")
    who.on(today + timedelta(days=300), "contract_ends")
    who.page.get_by_label("A note").fill(NOTE)
    who.press_here("Say it for Hackney")
    expect(who.page.locator("#commitments")).to_contain_text("What Hackney said")
    expect(who.page.locator("#commitments")).to_contain_text("1,900")
    who.look()


def _sees_ranked_products(who: Somebody, challenge: str) -> None:
    who.go(f"{challenge}/matches")
    first = who.page.locator("#matches .app-list__item").first
    expect(first).to_contain_text(re.compile("Strong fit|Good fit"))
    expect(first).to_contain_text("Because")
    expect(first.locator("mark").first).to_be_visible()
