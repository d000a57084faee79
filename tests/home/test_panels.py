"""What the home of somebody who judges bids says of their panels."""

from dataclasses import replace

from auth.actor import Actor
from tests.browser_of_pages import Browser
from tests.evaluation.panel import judged
from tests.tenders.drafting import fine

PRICES = {"Moss": "90,000", "Fern": "120,000"}
ALL_OF_THEM = "See what you evaluate"


def needs(browser: Browser, who: Actor) -> str:
    return " ".join(browser.as_(who).get("/home").select_one("#needs-you").text.split())


def led_to_panels(browser: Browser, who: Actor) -> bool:
    links = browser.as_(who).main("/home").select("a[href='/evaluations']")
    return [one.text for one in links] == [ALL_OF_THEM]


def test_who_has_a_seat_is_led_to_it_also_when_nothing_waits(make, browser):
    panel = judged(make, browser, prices=PRICES)
    for own in (panel.lead, panel.approver):  # without one, an authority sees three first steps
        make.challenge(make.session.get(type(panel.tender.organisation), own.organisation_id))
    ada = panel.people["Ada"]
    assert not led_to_panels(browser, ada)
    panel.sit("Ada", panel.lead, "evaluator", declares=False)
    assert "Declare your interests: " in needs(browser, ada)
    assert led_to_panels(browser, ada)
    panel.declare("Ada")
    assert "Nothing waits for you." in needs(browser, ada)
    assert led_to_panels(browser, ada)
    assert not led_to_panels(browser, panel.people["Ben"])
    assert not led_to_panels(browser, replace(ada, seen_through="Lena of LOTI"))


def test_the_home_of_loti_says_what_panels_wait_for(make, browser):
    panel = judged(make, browser, prices=PRICES)
    loti, curator = make.loti(), make.curator()
    panel.people["Lena"] = make.actor(loti, name="Lena of LOTI")
    assert "Name somebody" not in needs(browser, curator)
    panel.offer(loti.id, "evaluator")
    assert "Name somebody: " in needs(browser, curator)
    assert "Name somebody" not in needs(browser, panel.people["Lena"]), "who names nobody"
    [vacant] = panel.vacant(loti.id)
    said = {"person_id": str(panel.people["Lena"].person_id)}
    browser.as_(curator).post(f"{panel.at}/seats/{vacant}/name", **said)
    fine(browser)
    assert "Name somebody" not in needs(browser, curator)
    assert "Declare your interests: " in needs(browser, panel.people["Lena"])
    assert led_to_panels(browser, panel.people["Lena"])
    assert not led_to_panels(browser, curator)
