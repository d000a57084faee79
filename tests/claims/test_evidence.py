"""Evidence that cannot count is refused at the field, and nothing that was typed is lost."""

from datetime import date, timedelta

import pytest

from marketplace.claims.checks import leaves_out, same_name
from marketplace.claims.models import Stage
from marketplace.claims.standing import ends_on, later
from tests.claims import rows
from tests.claims.conftest import PDF, dated


def error(seen, field):
    """What stands at a field that was refused."""
    said = seen.select_one(f"#{field}-error")
    return said.get_text(" ", strip=True) if said else ""


@pytest.mark.parametrize(
    ("issued", "expires", "field", "says"),
    [
        (-10, -1, "expires_on", "It has expired"),
        (-10, -20, "expires_on", "must be after the date of issue"),
        (1, None, "issued_on", "today or in the past"),
        (-400, None, "issued_on", "It is too old: it counted for 12 months"),
        (None, None, "issued_on", "counts 12 months from it"),
    ],
)
def test_dates_that_cannot_be_are_refused_at_the_field(
    browser, walk, today, issued, expires, field, says
):
    walk.claims()
    days = {"issued_on": issued, "expires_on": expires}
    given = {"issued_on__day": "", "issued_on__month": "", "issued_on__year": ""}
    for name, ahead in days.items():
        if ahead is not None:
            given |= dated(name, today + timedelta(days=ahead))
    seen = walk.shows(number="CE-9000", **given)
    assert browser.status == 422
    assert says in error(seen, field)
    assert seen.select_one("#number")["value"] == "CE-9000"


def test_a_missing_date_of_expiry_is_refused_where_the_standard_asks_for_one(
    browser, walk, world, session
):
    world.version.expiry_needed = True
    session.add(world.version)
    session.commit()
    seen = walk.claims().shows()
    assert browser.status == 422
    assert "Enter when it expires" in error(seen, "expires_on")


@pytest.mark.parametrize(
    ("more", "field", "says"),
    [
        ({"holder": "Somebody Else Ltd"}, "holder", "in the name of Somebody Else Ltd"),
        ({"covers": "no"}, "covers", "does not cover Roundwise"),
        ({"link": ""}, "link", "Choose a file, or enter a link"),
        ({"link": "certificates"}, "link", "must be an address"),
        ({"seen": ""}, "seen", "Enter what stood there"),
        ({"visibility": ""}, "visibility", "Select who may see it"),
        ({"kind": "hearsay"}, "kind", "Select the kind"),
        ({"requirement": "00000000-0000-0000-0000-00000000000a"}, "requirement", "from the list"),
    ],
)
def test_evidence_that_shows_nothing_is_refused_at_the_field(browser, walk, more, field, says):
    seen = walk.claims().shows(**more)
    assert browser.status == 422
    assert says in error(seen, field)


def test_a_certificate_of_another_organisation_counts_with_a_reason(browser, walk):
    walk.claims().shows(holder="Stratohost plc", holder_because="They host it for us.")
    assert browser.status == 200
    assert "They host it for us." in browser.main(walk.claim).get_text()


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("certificate.pdf", b"MZ\x90\x00\x03 not a document", "not accepted"),
        ("page.pdf", b"<html><script>alert(1)</script></html>", "web page"),
        ("certificate.docx", PDF, "Rename it to end in .pdf"),
        ("empty.pdf", b"", "empty"),
    ],
)
def test_a_file_is_judged_by_what_is_in_it(browser, walk, name, content, says):
    seen = walk.claims().shows(file=(name, content), number="CE-9000")
    assert browser.status == 422
    assert says in error(seen, "file")
    assert seen.select_one("#number")["value"] == "CE-9000"


def test_a_file_is_handed_out_as_a_download_and_never_shown_inline(browser, walk):
    walk.claims().shows(file=("certificate.pdf", PDF))
    link = browser.main(walk.claim).select_one("a[href*='/evidence/']")
    browser.get(link["href"])
    assert browser.headers["content-disposition"].startswith("attachment")
    assert browser.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in browser.headers["content-security-policy"]


def test_evidence_given_before_is_offered_again(browser, make, walk, world):
    other = rows.claim(make, rows.version(make), world.supplier, world.product)
    rows.evidence(make, other, "public", number="CE-7777")
    walk.claims()
    page = browser.as_(world.manager).main(f"{walk.claim}/evidence")
    (offered,) = page.select("#earlier option[value]:not([value=''])")
    browser.post(f"{walk.claim}/evidence", earlier=offered["value"])
    assert browser.status == 200
    assert "CE-7777" in browser.main(walk.claim).get_text()
    strange = rows.claim(make, rows.version(make), make.supplier("Another"))
    hidden = rows.evidence(make, strange, "public")
    browser.post(f"{walk.claim}/evidence", earlier=str(hidden.id))
    assert browser.status == 422


def test_a_scope_that_excludes_the_product_is_refused(browser, world):
    seen = browser.as_(world.manager).post(
        "/claims",
        version=str(world.version.id),
        product=str(world.product.id),
        scope="Our offices and staff, but not the hosting of Roundwise.",
    )
    assert browser.status == 422
    assert "excludes Roundwise" in error(seen, "scope")
    assert "Our offices" in seen.select_one("#scope").get_text()


@pytest.mark.parametrize(
    ("scope", "out"),
    [
        ("Everything except Roundwise", True),
        ("All services, excluding the Roundwise app", True),
        ("Roundwise, excluding support", False),
        ("Nothing is left out. Roundwise is within", False),
        ("", False),
    ],
)
def test_what_a_scope_leaves_out_is_read_from_it(scope, out):
    assert leaves_out(scope, "Roundwise") is out


def test_a_claim_is_made_once_and_only_where_it_can_be(browser, make, walk, world):
    walk.claims()
    given = {"version": str(world.version.id), "scope": "All"}
    seen = browser.as_(world.manager).post("/claims", product=str(world.product.id), **given)
    assert browser.status == 422
    assert "claimed this already" in error(seen, "version")
    narrow = rows.version(make, whole_organisation=False)
    seen = browser.post("/claims", version=str(narrow.id), scope="All")
    assert "one product at a time" in error(seen, "version")
    seen = browser.post("/claims", version=str(world.product.id), scope="All")
    assert "from the list" in error(seen, "version")
    browser.as_(world.rival).post("/claims", product=str(world.product.id), **given)
    assert browser.status == 403


def test_nothing_incomplete_or_out_of_date_is_sent(browser, make, walk, world, today):
    walk.claims()
    browser.as_(world.manager).post(f"{walk.claim}/submit")
    assert browser.status == 409
    assert "Say how you meet “Firewalls”" in browser.text
    walk.answers()
    browser.post(f"{walk.claim}/submit")
    assert "Add a piece of evidence" in browser.text
    made = rows.claim(make, rows.version(make, key="Z"), world.supplier, world.product)
    rows.evidence(make, made, "public", ends_on=today - timedelta(days=1))
    browser.post(f"/claims/{made.id}/submit")
    assert "is out of date" in browser.text


def test_what_was_decided_cannot_be_changed_any_more(browser, make, world):
    made = rows.claim(make, world.version, world.supplier, world.product, Stage.MET)
    shown = rows.evidence(make, made, "public")
    browser.as_(world.manager)
    for address, form in (
        ("evidence", {"kind": "report"}),
        (f"evidence/{shown.id}/remove", {}),
        ("submit", {}),
    ):
        browser.post(f"/claims/{made.id}/{address}", **form)
        assert browser.status == 409, address


@pytest.mark.parametrize(
    ("issued", "expires", "months", "ends"),
    [
        (date(2026, 1, 31), None, 1, date(2026, 2, 28)),
        (date(2024, 2, 29), None, 12, date(2025, 2, 28)),
        (date(2026, 1, 10), date(2026, 6, 1), 12, date(2026, 6, 1)),
        (date(2026, 1, 10), date(2028, 6, 1), 12, date(2027, 1, 10)),
        (date(2026, 1, 10), None, None, None),
        (None, date(2026, 6, 1), 12, date(2026, 6, 1)),
    ],
)
def test_evidence_ends_with_its_months_or_its_own_date_whichever_is_first(
    issued, expires, months, ends
):
    assert ends_on(issued, expires, months) == ends


def test_months_are_counted_over_the_end_of_a_year():
    assert later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert later(date(2026, 12, 31), 12) == date(2027, 12, 31)


def test_a_name_is_the_same_whatever_its_legal_form():
    assert same_name("Brightwater Systems Ltd.", "BRIGHTWATER systems limited")
    assert not same_name("Brightwater Systems", "Brightwater Services")
