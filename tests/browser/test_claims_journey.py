"""A supplier claims a standard, mends a point and is met; Camden relies on it, and LOTI revokes."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody
from tests.claims.conftest import PDF

pytestmark = pytest.mark.browser

NUMBER = "ZX-PRIVATE-4711"
STANDARD = re.compile("London Living Wage")


def marks(nadia: Somebody, number: int, verdicts: dict[int, tuple[str, str]]) -> None:
    """Assesses the open point, and so on until none is left; each saves alone."""
    for at in range(1, number + 1):
        verdict, reason = verdicts.get(at, ("met", ""))
        nadia.page.locator(f"#p{at} input[name=verdict][value={verdict}]").check()
        if reason:
            nadia.page.locator("#reason").select_option(reason)
            nadia.page.locator("#feedback").fill("Say who is covered.")
        saves(nadia, at)


def saves(nadia: Somebody, at: int) -> None:
    """Saves the open point, in place or not, and waits until it is shut."""
    nadia.page.get_by_role("button", name="Save this point").click()
    expect(nadia.page.locator(f"#p{at} form")).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_claim_is_mended_met_relied_on_and_revoked(
    chrome: Browser, address: str, tmp_path: Path, javascript: bool
) -> None:
    certificate = tmp_path / f"{NUMBER}.pdf"
    certificate.write_bytes(PDF)
    supplier = "supplier-one" if javascript else "supplier-two"
    today = date.today()
    with somebody(chrome, address, javascript=javascript) as dan:
        dan.sign_in(supplier)
        dan.go("/claims/new")
        choice = dan.page.locator("#version option").filter(has_text=STANDARD).first
        dan.page.locator("#version").select_option(choice.get_attribute("value"))
        dan.page.locator("#scope").fill("Everybody who works for us.")
        dan.press("Claim it")
        claim = dan.page.url
        points = dan.page.locator("#tasks .govuk-task-list__link").count()
        for number in range(points):
            dan.page.locator("#tasks .govuk-task-list__link").nth(number).click()
            dan.page.locator("#text").fill("We pay it to everybody, and check it each month.")
            dan.press("Save and continue")
        dan.follow("Add evidence")
        dan.page.locator("#file").set_input_files(certificate)
        dan.page.locator("input[name=kind]").first.check()
        dan.page.locator("#number").fill(NUMBER)
        dan.page.locator("#issuer").fill("Fenwick Certification")
        dan.page.locator("input[name=covers][value=yes]").check()
        dan.on(today - timedelta(days=10), "issued_on")
        dan.on(today + timedelta(days=300), "expires_on")
        dan.page.locator("input[name=visibility][value=assessors]").check()
        dan.press("Add the evidence")
        file = dan.page.locator("main a[href*='/evidence/']").first.get_attribute("href") or ""
        dan.press("Check and send to LOTI")
        dan.press("Send to LOTI")

        with somebody(chrome, address, javascript=javascript) as nadia:
            nadia.sign_in("loti-assessor")
            nadia.go("/assessments")
            bench = claim.replace("/claims/", "/assessments/")
            nadia.go(bench)
            nadia.press("Take it")
            marks(nadia, points, {1: ("not-met", "unclear")})
            nadia.press("Give time to mend it")
            nadia.page.locator("#message").fill("Say who is covered.")
            nadia.on(today + timedelta(days=14), "fix_by")
            nadia.press("Ask for edits")

            dan.go(claim)
            expect(dan.page.locator("main")).to_contain_text("14 days are left")
            dan.page.locator("#tasks .govuk-task-list__link").first.click()
            dan.page.locator("#text").fill("Employees, agency staff and our cleaners.")
            dan.press("Save and continue")
            dan.press("Check and send to LOTI")
            dan.press("Send to LOTI")

            nadia.go(bench)
            nadia.press("Take it")
            nadia.page.locator("#p1 a").first.click()
            nadia.page.locator("#p1 input[name=verdict][value=met]").check()
            saves(nadia, 1)
            nadia.press("Decide: met")
            nadia.press("Decide: met")
            expect(nadia.page.locator("main")).to_contain_text("Met")

    with somebody(chrome, address, javascript=javascript) as tom:
        tom.sign_in("camden-approver")
        tom.go(claim)
        tom.press("Rely on this")
        tom.page.locator("input[name=purpose][value=tender]").check()
        tom.page.locator("#reference").fill("Cleaning 2027")
        tom.page.locator("#condition").fill("Agency staff, too.")
        tom.press("Record that Camden relies on it")
        record = tom.page.url
        expect(tom.page.locator("main")).to_contain_text("Agency staff, too.")

        with somebody(chrome, address, javascript=javascript) as ravi:
            ravi.sign_in("loti-curator")
            ravi.go(claim)
            ravi.follow("Revoke what LOTI found")
            ravi.page.locator("#because").fill("The certificate was withdrawn.")
            ravi.press("Revoke it")

        tom.go(record)
        expect(tom.page.locator("main")).to_contain_text("The certificate was withdrawn.")
        expect(tom.page.locator("main")).to_contain_text("Employees, agency staff")
        tom.go("/notifications")
        tom.wait_for(tom.page.get_by_text("The certificate was withdrawn."))

    with somebody(chrome, address, javascript=javascript) as anybody:
        anybody.go(claim)
        expect(anybody.page.locator("main")).to_contain_text("Revoked")
        expect(anybody.page.locator("main")).not_to_contain_text(NUMBER)
        assert anybody.page.request.get(file).status == 404
        anybody.go(f"/search?q={NUMBER}")
        expect(anybody.page.locator("main")).not_to_contain_text("Fenwick")
