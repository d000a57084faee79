"""A supplier comes in by hand, with and without JavaScript: nothing it types is lost."""

import re

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.people import Somebody, somebody
from tests.onboarding.answers import answers

pytestmark = pytest.mark.browser


def type_in(person: Somebody, section: str, number: str = "") -> None:
    """Answers a section as the tests without a window do."""
    person.go(f"/register/{section}")
    for name, value in answers(number)[section].items():
        boxes = person.page.locator(f"#section [name={name}]")
        if boxes.first.get_attribute("type") in ("radio", "checkbox"):
            for one in [value] if isinstance(value, str) else value:
                person.page.locator(f"#section [name={name}][value={one}]").check()
        else:
            boxes.fill(value)
    person.press("Save and continue")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
@pytest.mark.parametrize("width", [1280, 375])
def test_a_supplier_registers_signs_and_is_found(
    chrome: Browser, address: str, javascript: bool, width: int
) -> None:
    number = f"0414200{width % 7}" if javascript else f"0514200{width % 7}"
    with somebody(chrome, address, javascript=javascript, width=width) as ada:
        ada.sign_in("supplier-two")  # who registers another organisation
        ada.go("/register")
        ada.press("Start")
        for section in ("company", "name", "size", "about", "contacts"):
            type_in(ada, section, number)
        ada.reads("Register a supplier")
        ada.follow("Check your answers")
        ada.press("Confirm and register")
        ada.reads("Brightwater Systems Limited")
        expect(ada.page.locator("main")).to_contain_text("Nobody has signed")

        ada.press("Continue")
        assert "Error:" in ada.page.title()
        ada.window.complaints.clear()  # the browser notes that the answer was a 422
        ada.page.locator("[name=has_authority][value=yes]").check()
        ada.page.get_by_label("Your full name").fill("Ada Park")
        ada.page.get_by_label("Your position").fill("Director")
        ada.page.get_by_label(re.compile("I have read the agreement")).check()
        ada.press("Continue")
        ada.reads("The platform agreement is signed")
        ada.go("/organisation/facts")
        ada.go("/suppliers?q=Brightwater")
        expect(ada.page.locator("main")).to_contain_text("Brightwater Systems Limited")


def test_what_is_typed_is_saved_by_itself_and_is_there_on_another_device(
    chrome: Browser, address: str
) -> None:
    with somebody(chrome, address) as ada:
        ada.sign_in("supplier-one")
        ada.go("/register")
        ada.press("Start")
        ada.go("/register/about")
        ada.page.get_by_label("What you do").fill("Half a sen")
        expect(ada.page.locator("#saved")).to_have_text(
            re.compile("Saved automatically at .* Not confirmed yet."), timeout=10_000
        )
        with somebody(chrome, address, width=375) as phone:
            phone.sign_in("supplier-one")
            phone.go("/register/about")
            expect(phone.page.get_by_label("What you do")).to_have_value("Half a sen")
            phone.page.get_by_label("What you do").fill("Half a sentence, and the rest.")
            phone.page.get_by_label("London", exact=True).check()
            phone.press("Save and continue")
        ada.page.get_by_label("What you do").fill("Half a sentence from the desk.")
        expect(ada.page.locator("#saved")).to_contain_text("changed this part after you opened it")
        ada.press("Save and continue")
        expect(ada.page.locator("main")).to_contain_text("Half a sentence, and the rest.")
        expect(ada.page.get_by_label("What you do")).to_have_value("Half a sentence from the desk.")


def test_what_is_saved_by_hand_waits_for_what_is_on_its_way(chrome: Browser, address: str) -> None:
    held: list[Route] = []
    with somebody(chrome, address) as ada:
        ada.sign_in("supplier-two")
        ada.go("/register")
        ada.press("Start")
        ada.go("/register/size")
        ada.page.route("**/register/size?autosave=true", lambda route: held.append(route))
        for name, value in answers()["size"].items():
            ada.page.locator(f"#section [name={name}][value={value}]").check()
        ada.press_here("Save and continue")
        expect(ada.page.locator("#section[data-waits]")).to_be_visible()
        assert len(held) == 1, "the rest waits for it, and then goes by hand"
        with ada.page.expect_event("load"):
            held[0].continue_()
        ada.reads("Register a supplier")
        expect(ada.page.locator("main")).to_contain_text(re.compile(r"VCSE\s+Completed"))
