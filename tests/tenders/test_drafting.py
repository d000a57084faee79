"""What is written together: kept as typed, judged by the law, and never lost to a colleague."""

from auth.actor import Role
from marketplace.organisations.models import Organisation
from tests.tenders.drafting import Drafted, answers, dates, in_days


def test_weights_that_do_not_make_100_are_refused_at_every_field(tender: Drafted):
    tender.criterion("Fit", "quality")
    tender.criterion("Price", "price")
    for weights in (("60", "39.9"), ("60", "40.01"), ("100", "100")):
        seen = tender.weigh(*weights)
        assert tender.browser.status == 422
        errors = seen.select(".govuk-form-group .govuk-error-message")
        assert len(errors) == 2
        assert "exactly 100" in errors[0].text
        assert [box["value"] for box in seen.select("input[name^=weight]")] == list(weights)
    assert tender.weigh("60", "40").select_one("h1").text == "Say how bids are judged"


def test_before_there_is_a_criterion_about_prices_the_example_is_out_of_100(tender: Drafted):
    browser = tender.as_author()
    seen = browser.main(f"{tender.work}/prices")
    assert "this example is out of 100 points" in seen.text
    assert [one.text for one in seen.select("#points tbody td:last-child")] == [
        "100.00",
        "90.91",
        "66.67",
    ]
    tender.criterion("Fit", "quality")
    tender.criterion("Price", "price")
    tender.weigh("60", "40")
    seen = browser.main(f"{tender.work}/prices")
    assert "40 points at most" in seen.text
    assert "out of 100" not in seen.text


def test_a_deadline_inside_the_minimum_period_is_refused_with_its_rule_and_section(
    tender: Drafted,
):
    browser = tender.as_author()
    seen = browser.post(f"{tender.work}/sections/dates", **dates(deadline=20))
    assert browser.status == 422
    why = seen.select_one("#deadline_on-error").text
    assert "at least 25 days" in why
    assert "section 54(4) of the Procurement Act 2023" in why
    assert browser.get(f"{tender.work}/sections/dates").select_one("[name=deadline_on-day]")[
        "value"
    ] == str(in_days(20).day), "what was typed is kept"


def test_what_is_saved_automatically_is_kept_and_waits_for_somebody_to_save_it(tender: Drafted):
    browser = tender.as_author()
    typed = answers()["terms"]
    browser.post(f"{tender.work}/sections/terms?autosave=true", target="saved", **typed)
    assert "Kept automatically" in browser.text
    assert "Save what was changed: give the conditions and the terms" in tender.blockers()
    browser.post(f"{tender.work}/sections/terms", **typed)
    assert "Save what was changed: give the conditions and the terms" not in tender.blockers()


def test_a_colleague_who_was_quicker_is_shown_beside_ones_own_words(tender: Drafted):
    browser = tender.as_author()
    at = f"{tender.work}/sections/terms"
    opened = browser.get(at)
    hidden = {name: opened.select_one(f"[name={name}]")["value"] for name in ("page", "since")}
    tender.as_author("Hackney").post(at, conditions="None.", terms="Hackney's terms")
    seen = tender.as_author().post(at, conditions="None.", terms="Camden's terms", **hidden)
    assert browser.status == 409
    assert "Hackney's terms" in seen.text
    assert seen.select_one("#terms").text.strip() == "Camden's terms"


def test_a_lot_that_nobody_buys_and_an_authority_in_no_lot_are_in_the_list(tender: Drafted):
    browser = tender.as_author()
    camden = str(tender.organisations["Camden"])
    seen = browser.post(f"{tender.work}/lots/new", title="North")
    assert browser.status == 422
    assert "Select the authorities that it serves" in seen.select_one("#authorities-error").text
    browser.post(f"{tender.work}/lots/new", title="North", authorities=[camden])
    assert "Hackney is in no lot" in tender.blockers()
    browser.post(f"{tender.work}/lots/new", title="X", authorities=["not an id"])
    assert browser.status == 422
    assert "Select the authorities that it serves" in browser.text


def test_lots_come_to_what_the_authorities_could_pay_together(tender: Drafted):
    ids = [str(id) for id in tender.organisations.values()]
    browser, add = tender.as_author(), f"{tender.work}/lots/new"
    for value, sentence in (("lots", "Enter an amount in figures"), ("0", "must be more than 0")):
        seen = browser.post(add, title="North", authorities=ids, value=value)
        assert browser.status == 422
        assert sentence in seen.select_one("#value-error").text
    for name in tender.organisations:
        tender.share(name)
    browser = tender.as_author()
    browser.post(add, title="North", authorities=ids, value="140,000", vat_rate="20")
    browser.post(add, title="South", authorities=ids)
    assert "The lot “South” has no estimated value" in tender.blockers()
    lots = f"{tender.work}/sections/lots"
    south = next(
        str(one["href"])
        for one in browser.get(lots).select(".app-list__title a")
        if "South" in one.text
    )
    said = {"title": "South", "authorities": ids, "vat_rate": "0"}
    browser.post(south, **said, value="50,000")
    differs = "The lots come to £190,000 and the shares of the authorities to £200,000"
    assert any(differs in one for one in tender.blockers())
    assert differs in browser.get(lots).select_one("#worth").text
    browser.post(south, **said, value="60,000")
    assert not any("lots" in one and "£" in one for one in tender.blockers())
    told = " ".join(browser.main(f"{tender.work}/notices").text.split())
    for words in (
        "Estimated value: £116,666.67 without VAT, £140,000 with VAT",
        "Estimated value: £60,000 without VAT, £60,000 with VAT",
        "The same without VAT£176,666.67",
    ):
        assert told.count(words) == 3, words  # in UK2, UK3 and UK4


def test_an_authority_without_a_postal_address_is_in_the_list(tender: Drafted, make, session):
    hackney = session.get(Organisation, tender.organisations["Hackney"])
    hackney.street = ""
    session.commit()
    missing = "Hackney has no postal address yet, which notices name"
    assert missing in tender.blockers()
    told = tender.as_author().main(f"{tender.work}/notices").text
    assert "Camden, PCAM-1234-ABCD, 1 Town Square, London, N1 1AA, United Kingdom" in told
    assert "Hackney, PHAC-1234-ABCD, no postal address yet" in told
    link = "a[href='/organisation/profile'].app-blocker__says"
    tender.as_author("Hackney").get(tender.work)
    assert not tender.browser.get(tender.work).select(link), "an author cannot mend it"
    keeper = make.actor(hackney, Role.ADMINISTRATOR)
    assert tender.browser.as_(keeper).get(tender.work).select_one(link).text == missing


def test_an_amount_that_is_none_is_a_sentence_and_is_kept(tender: Drafted):
    for value, cap, sentence in (
        ("lots", "1", "Enter an amount in figures"),
        ("0", "1", "The most you could pay"),
        ("200,000", "150,000", "must cover the most you could pay"),
        ("9" * 30, "1", "The amount must be"),
    ):
        seen = tender.share("Hackney", value, cap)
        assert tender.browser.status == 422, value
        assert sentence in seen.select_one(".govuk-error-summary").text
        assert seen.select_one("#value")["value"] == value


def test_strangers_find_no_workspace_and_loti_reads_and_comments(tender: Drafted, make):
    browser = tender.browser
    places = ("", "/parties", "/content", "/history", "/questions", "/checklist")
    for person in (make.author(make.authority("Barnet")), make.manager(make.supplier())):
        for place in places:
            browser.as_(person).get(f"{tender.work}{place}")
            assert browser.status == 404, place
    curator = make.curator()
    for place in places:
        browser.as_(curator).get(f"{tender.work}{place}")
        assert browser.status == 200, place
    browser.post(f"{tender.work}/comments/terms", text="Add the payment days.")
    assert "Add the payment days." in tender.as_author().main(f"{tender.work}/comments/terms").text
    for verb in ("sections/terms", "publish", "withdraw"):
        browser.as_(curator).post(f"{tender.work}/{verb}", outcome="x", terms="x", conditions="x")
        assert browser.status == 403, verb


def test_a_comment_tells_whom_it_names_and_can_be_resolved(tender: Drafted, make, news):
    browser = tender.as_author()
    browser.post(f"{tender.work}/comments/terms", text="What do you say, @Hackney approver?")
    news()
    seen = tender.as_approver("Hackney").main("/notifications")
    assert "Camden mentions you" in seen.text
    place = f"{tender.work}/comments/terms"
    button = browser.get(place).select_one("form[action$=resolve]")
    browser.post(str(button["action"]))
    assert "Resolved" in browser.main(place).text


def test_every_version_can_be_read_with_what_changed(tender: Drafted):
    browser = tender.as_author()
    for words in ("The first terms.", "The second terms."):
        browser.post(f"{tender.work}/sections/terms", conditions="None.", terms=words)
    seen = browser.get(f"{tender.work}/versions/terms/{tender.id}")
    assert [one.text.strip() for one in seen.select("del")] == ["first"]
    assert [one.text.strip() for one in seen.select("ins")][:1] == ["second"]


def test_the_checklist_names_the_notices_of_the_route(ready: Drafted):
    notices = [one.text for one in ready.as_author().main(f"{ready.work}/checklist").select("li")]
    assert {"Tender notice (UK4)", "Contract award notice (UK6)"} <= set(notices)
    assert all(one.endswith(")") for one in notices if "notice" in one)


def test_the_lead_chooses_the_roles_whose_day_is_priced_and_everybody_reads_them(
    tender: Drafted,
):
    browser, at = tender.as_author(), f"{tender.work}/sections/criteria"
    typed = answers()["criteria"]
    browser.post(at, **typed, day_roles=["astronaut"])
    assert browser.status == 422
    browser.post(at, **typed, day_roles=["software-developer", "user-researcher"])
    assert browser.status == 200
    ticked = browser.get(at).select("[name=day_roles][checked]")
    assert sorted(one["value"] for one in ticked) == ["software-developer", "user-researcher"]
    seen = " ".join(browser.main(f"/tenders/{tender.id}/workspace/preview").text.split())
    assert "Roles whose day is priced" in seen
    assert "Software developer User researcher" in seen
