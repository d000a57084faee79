"""The platform agreement: whoever has the authority signs it, and until then nothing is listed."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from auth.actor import Role
from marketplace.catalogue.models import Stage
from marketplace.core.times import now
from marketplace.onboarding import agreement
from marketplace.onboarding.models import Signature
from tests.onboarding.answers import events
from tests.onboarding.test_registering import errors, only, summary

PAGE = "/organisation/agreement"
SIGNED = {"has_authority": "yes", "name": "Ada Park", "position": "Director", "agrees": "true"}
# A text that somebody may have signed is never changed: make a new version instead.
TEXTS = {"2026-11": "9fd97580d091da5f"}


@pytest.fixture
def supplier(make):
    return make.supplier("Brightwater Systems", signed=False)


@pytest.fixture
def director(browser, make, supplier):
    """The browser of the supplier's administrator, who is its manager too."""
    return browser.as_(make.actor(supplier, Role.ADMINISTRATOR, Role.MANAGER, name="Ada Park"))


def test_the_text_is_for_everybody_to_read_before_they_register(browser):
    seen = browser.get(f"/agreement/{agreement.IN_FORCE}")
    assert "A listing is not an offer and no route to market." in seen.text
    assert len(seen.select("main h3")) == 10
    browser.get("/agreement/1999-01")
    assert browser.status == 404


@pytest.mark.parametrize("version", agreement.VERSIONS)
def test_a_text_that_was_signed_is_the_text_that_is_shown(version):
    assert agreement.digest(version).startswith(TEXTS[version])


def test_who_has_the_authority_signs_and_sees_what_when_and_who(director, session, supplier):
    seen = director.get(PAGE)
    assert "The agreement, version 2026-11" in seen.text
    seen = director.post(PAGE, **SIGNED)
    assert seen.select_one("h1").get_text(strip=True) == "The platform agreement is signed"
    said = summary(seen)
    assert (said["Version"], said["Signed by"], said["Position"]) == (
        "2026-11",
        "Ada Park",
        "Director",
    )
    assert "(UK time)" in said["When"]
    signature = only(session, Signature)
    assert signature.organisation_id == supplier.id
    assert signature.person_id == director.actor.person_id
    (event,) = events(session, "agreement.sign")
    assert event.about_id == supplier.id
    assert event.facts == {"version": "2026-11", "sha256": agreement.digest("2026-11")}
    seen = director.get(PAGE)
    assert not seen.select("form#signing")
    assert "Ada Park, Director" in seen.select_one("main").get_text(" ")


def test_who_has_no_authority_signs_nothing_and_is_shown_how_to_pass_it_on(director, session):
    seen = director.post(PAGE, has_authority="no")
    assert director.status == 200
    assert seen.select_one("h1").text == "Pass the agreement to somebody who can sign"
    assert "Nothing has been signed." in seen.text
    assert seen.select_one("main a[href='/organisation/invitations/new']")
    assert not session.exec(select(Signature)).all()
    assert not events(session, "agreement.sign")


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("has_authority", "Select yes if you have the authority to sign"),
        ("name", "Enter your full name"),
        ("position", "Enter your position"),
        ("agrees", "Tick the box to sign the agreement"),
    ],
)
def test_nothing_is_signed_while_something_is_missing(director, session, left_out, sentence):
    seen = director.post(PAGE, **{name: v for name, v in SIGNED.items() if name != left_out})
    assert director.status == 422
    assert errors(seen)[f"#{left_out}"] == sentence
    if left_out != "name":
        assert seen.select_one("#name")["value"] == "Ada Park", "what was typed is kept"
    assert not session.exec(select(Signature)).all()


def test_only_an_administrator_signs_and_others_see_who_can(
    browser, make, director, supplier, session
):
    browser.as_(make.manager(supplier))
    seen = browser.get(PAGE)
    assert not seen.select("form#signing")
    assert "An administrator who has the legal authority: Ada Park." in seen.text
    browser.post(PAGE, **SIGNED)
    assert browser.status == 403
    assert not session.exec(select(Signature)).all()


def test_it_is_signed_once(director):
    director.post(PAGE, **SIGNED)
    director.post(PAGE, **SIGNED)
    assert director.status == 409
    assert "has signed version 2026-11 of the agreement already" in director.text


def test_it_is_asked_of_suppliers_only(browser, make):
    for other in (make.author(make.authority()), make.curator()):
        browser.as_(other)
        for page in (PAGE, f"{PAGE}/signed", f"{PAGE}/colleague", "/organisation/facts"):
            browser.get(page)
            assert browser.status == 404
        browser.post(PAGE, **SIGNED)
        assert browser.status == 404


def test_who_signed_in_long_ago_proves_first_who_they_are(director, session):
    old = now() - timedelta(hours=2)
    director.as_(replace(director.actor, signed_in_at=old))
    director.client.follow_redirects = False
    director.post(PAGE, **SIGNED)
    assert director.status in (303, 403)
    assert not session.exec(select(Signature)).all()


# ---- Until it is signed


def test_the_home_page_and_the_products_lead_to_it_prominently(director):
    for page in ("/home", "/products/mine"):
        banner = director.get(page).select_one(".govuk-notification-banner")
        assert "Nobody has signed the platform agreement" in banner.text
        assert "nobody finds your organisation" in banner.text
        assert banner.select_one(f"a[href='{PAGE}']").text == "Read and sign it"
    director.post(PAGE, **SIGNED)
    for page in ("/home", "/products/mine"):
        assert "platform agreement" not in director.get(page).select_one("main").text


def test_a_colleague_who_may_not_sign_is_led_to_it_too(browser, make, supplier):
    banner = browser.as_(make.manager(supplier)).get("/home").select_one("#main")
    assert banner.select_one(f"a[href='{PAGE}']").text == "Read it, and see who can sign it"


def test_nothing_is_listed_before(director, make, supplier, session):
    product = make.product(supplier, stage=Stage.PAUSED)
    for seen in (
        director.get(f"/products/{product.id}/publish"),
        director.post(f"/products/{product.id}/publish"),
    ):
        assert seen.select_one(f"main a[href='{PAGE}']").text == "Sign the platform agreement"
        assert not seen.select("main form")
    assert director.status == 409
    session.refresh(product)
    assert product.stage is Stage.PAUSED
    director.post(PAGE, **SIGNED)
    director.post(f"/products/{product.id}/publish")
    assert director.status == 200
    session.rollback()
    session.refresh(product)
    assert product.stage is Stage.LISTED


def test_a_new_version_asks_again_and_what_is_listed_stays(
    browser, director, make, supplier, session
):
    make.signature(supplier, "2025-01")
    listed = make.product(supplier)
    paused = make.product(supplier, stage=Stage.PAUSED)
    banner = director.get("/home").select_one(".govuk-notification-banner")
    assert "has a new version" in banner.text
    assert "What you have listed stays." in banner.text
    director.post(f"/products/{paused.id}/publish")
    assert director.status == 409
    seen = director.get(PAGE)
    assert seen.select_one("form#signing")
    director.as_(make.author(make.authority())).get(f"/products/{listed.id}")
    assert director.status == 200
