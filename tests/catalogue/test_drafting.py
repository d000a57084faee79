"""A supplier's manager drafts a product and edits it, section by section."""

from sqlmodel import select

from auth.actor import Role
from marketplace.catalogue.models import Product, ProductUse, Stage
from marketplace.core.journal import Event

BASICS = {"name": "Roundwise", "summary": "Plans rounds.", "description": "Crews see their round."}
FEATURES = {
    "features": "Rounds on a map\nMissed collection reports",
    "integrations": "",
    "areas": ["waste"],
    "cpv": "48000000-8 Software package",
}
PRICE = {"deployment": "saas", "price_model": "per-user", "band": "up-to-25k", "site": ""}


def start(browser, make):
    """A draft with only a name, and its supplier."""
    supplier = make.supplier()
    seen = browser.as_(make.manager(supplier)).post("/products", name="Roundwise")
    link = seen.select_one("a[href$='/edit/basics']")["href"]
    return supplier, link.split("/")[2]


def errors(seen):
    return [a.get_text(strip=True) for a in seen.select(".govuk-error-summary a")]


def status(seen, task):
    item = next(i for i in seen.select(".govuk-task-list__item") if task in i.get_text())
    return item.select_one(".govuk-task-list__status").get_text(strip=True)


def test_a_draft_begins_with_a_name(browser, make, session):
    browser.as_(make.manager(make.supplier()))

    seen = browser.post("/products", name="Roundwise")

    assert seen.select_one("h1").get_text() == "Draft of Roundwise"
    assert status(seen, "Describe the product") == "Incomplete"
    assert status(seen, "Say what it does") == "Not started"
    assert status(seen, "Name the authorities") == "Optional"
    event = session.exec(select(Event)).one()
    assert (event.verb, event.was, event.became) == ("product.draft", "draft", "draft")


def test_a_draft_without_a_name_says_what_to_enter(browser, make):
    browser.as_(make.manager(make.supplier()))

    seen = browser.post("/products", name="  ")

    assert browser.status == 422
    assert errors(seen) == ["Enter the name of the product"]
    assert seen.select_one("title").get_text().startswith("Error: ")


def test_section_by_section_a_draft_becomes_complete(browser, make, session):
    borough = make.authority("Camden")
    _, id = start(browser, make)

    browser.post(f"/products/{id}/edit/basics", **BASICS)
    browser.post(f"/products/{id}/edit/features", **FEATURES)
    browser.post(f"/products/{id}/edit/price", **PRICE)
    seen = browser.post(f"/products/{id}/edit/users", users=[str(borough.id)])

    assert "Every section is complete" in seen.get_text()
    product = session.exec(select(Product)).one()
    assert product.features == ["Rounds on a map", "Missed collection reports"]
    assert (product.areas, product.cpv) == (["waste"], ["48000000"])
    assert (product.deployment, product.band) == ("saas", "up-to-25k")
    use = session.exec(select(ProductUse)).one()
    assert use.organisation_id == borough.id


def test_a_draft_keeps_what_is_wrong_and_says_so_in_the_task_list(browser, make):
    _, id = start(browser, make)

    seen = browser.post(f"/products/{id}/edit/price", **(PRICE | {"site": "javascript:alert(1)"}))

    assert browser.status == 422
    assert errors(seen) == [
        "Its web page must be an address, like https://www.example.co.uk/product"
    ]
    assert seen.select_one("#site")["value"] == "javascript:alert(1)"
    assert status(browser.get(f"/products/{id}/edit"), "priced") == "There is a problem"
    again = browser.get(f"/products/{id}/edit/price")
    assert again.select_one("#site")["value"] == "javascript:alert(1)"
    assert again.select_one("input[value=saas]").has_attr("checked")


def test_every_wrong_answer_has_a_sentence(browser, make):
    _, id = start(browser, make)
    wrong = [
        ("basics", BASICS | {"name": ""}, "Enter the name of the product"),
        (
            "basics",
            BASICS | {"name": "x" * 121},
            "The name of the product must be 120 characters or fewer",
        ),
        (
            "basics",
            BASICS | {"summary": "x" * 201},
            "A summary in one sentence must be 200 characters or fewer",
        ),
        ("basics", BASICS | {"description": ""}, "Enter what it is"),
        ("features", FEATURES | {"features": ""}, "Enter what it does"),
        (
            "features",
            FEATURES | {"features": "x" * 201},
            "Each line must be 200 characters or fewer",
        ),
        (
            "features",
            FEATURES | {"features": "\n".join(map(str, range(21)))},
            "Give 20 or fewer for what it does",
        ),
        ("features", FEATURES | {"areas": []}, "Select the areas of work it is for"),
        ("features", FEATURES | {"areas": ["moonshots"]}, "Select the areas of work it is for"),
        (
            "features",
            FEATURES | {"cpv": "software"},
            "“software” is not a CPV code. A code has 8 digits, like 48000000",
        ),
        ("price", PRICE | {"deployment": ""}, "Select how it is provided"),
        ("price", PRICE | {"price_model": "barter"}, "Select how it is priced"),
        ("price", PRICE | {"band": ""}, "Select the price for one authority"),
    ]
    for section, answers, sentence in wrong:
        seen = browser.post(f"/products/{id}/edit/{section}", **answers)
        assert (browser.status, errors(seen)) == (422, [sentence]), answers


def test_what_is_free_needs_no_price(browser, make):
    _, id = start(browser, make)
    browser.post(f"/products/{id}/edit/price", **(PRICE | {"price_model": "free", "band": ""}))
    assert status(browser.get(f"/products/{id}/edit"), "priced") == "Completed"


def test_only_authorities_can_be_named_as_users(browser, make, session):
    supplier, id = start(browser, make)

    seen = browser.post(f"/products/{id}/edit/users", users=[str(supplier.id)])

    assert errors(seen) == ["Select authorities from the list"]
    assert not session.exec(select(ProductUse)).all()


def test_a_tick_that_is_taken_away_takes_the_claim_away(browser, make, session):
    supplier, camden, hackney = make.supplier(), make.authority("Camden"), make.authority("Hackney")
    product = make.product(supplier)
    make.use(product, camden)
    browser.as_(make.manager(supplier))

    browser.post(f"/products/{product.id}/edit/users", users=[str(hackney.id)])

    assert [use.organisation_id for use in session.exec(select(ProductUse))] == [hackney.id]


def test_a_draft_is_saved_while_one_types(browser, make, session):
    _, id = start(browser, make)

    seen = browser.post(
        f"/products/{id}/edit/basics?autosave=true", target="section", summary="Half a sen"
    )

    assert browser.status == 200
    said = seen.select_one("hx-partial")
    assert said["hx-target"] == "#saved"
    assert "Saved automatically at" in said.get_text()
    assert (
        "Half a sen" in browser.get(f"/products/{id}/edit/basics").select_one("#summary")["value"]
    )


def test_saving_the_same_again_is_not_written_down(browser, make, session):
    _, id = start(browser, make)
    for _ in range(3):
        browser.post(f"/products/{id}/edit/basics", **BASICS)
    events = session.exec(select(Event).where(Event.verb == "product.edit")).all()
    assert len(events) == 1


def test_a_change_to_a_listed_product_shows_at_once_and_leaves_a_trace(browser, make, session):
    supplier = make.supplier()
    product = make.product(supplier)
    browser.as_(make.manager(supplier))

    seen = browser.post(
        f"/products/{product.id}/edit/basics", **(BASICS | {"summary": "Traces every bin."})
    )

    assert "Everybody sees it now" in seen.get_text()
    assert "Traces every bin." in browser.main(f"/products/{product.id}").get_text()
    event = session.exec(select(Event)).one()
    assert event.facts["changed"] == ["summary", "description"]
    history = browser.main(f"/products/{product.id}/history").get_text()
    assert "A summary in one sentence; What it is" in history


def test_a_listed_product_takes_nothing_that_is_wrong(browser, make, session):
    supplier = make.supplier()
    product = make.product(supplier)
    browser.as_(make.manager(supplier))

    seen = browser.post(
        f"/products/{product.id}/edit/basics", **(BASICS | {"summary": "", "description": "New"})
    )

    assert browser.status == 422
    assert seen.select_one("#description").get_text(strip=True) == "New"
    assert "Crews see their round" in browser.main(f"/products/{product.id}").get_text()
    assert not session.exec(select(Event)).all()


def test_the_second_of_two_managers_sees_what_the_first_saved(browser, make, session):
    supplier = make.supplier()
    product = make.product(supplier)
    url = f"/products/{product.id}/edit/basics"
    first = make.actor(supplier, Role.MANAGER, name="Dan Fletcher")
    second = make.manager(supplier)
    opened = browser.as_(second).get(url)
    hidden = {name: opened.select_one(f"input[name={name}]")["value"] for name in ("page", "since")}
    browser.as_(first).post(url, **(BASICS | {"summary": "By the first."}))

    mine = BASICS | {"summary": "By the second."}
    seen = browser.as_(second).post(url, **mine, **hidden)

    assert browser.status == 409
    assert f"{first.name} changed this part after you opened it." in seen.get_text()
    assert "By the first." in seen.select_one(".govuk-summary-list").get_text()
    assert seen.select_one("#summary")["value"] == "By the second."
    assert "By the first." in browser.main(f"/products/{product.id}").get_text()

    hidden = {name: seen.select_one(f"input[name={name}]")["value"] for name in ("page", "since")}
    browser.post(url, **mine, **hidden)
    assert "By the second." in browser.main(f"/products/{product.id}").get_text()


def test_two_managers_may_save_different_sections(browser, make):
    supplier = make.supplier()
    product = make.product(supplier)
    one, other = make.manager(supplier), make.manager(supplier)
    hidden = (
        browser.as_(other)
        .get(f"/products/{product.id}/edit/price")
        .select_one("input[name=page]")["value"]
    )
    browser.as_(one).post(f"/products/{product.id}/edit/basics", **BASICS)
    browser.as_(other).post(f"/products/{product.id}/edit/price", **PRICE, page=hidden, since="")
    assert browser.status == 200
    seen = browser.main(f"/products/{product.id}").get_text()
    assert "Plans rounds." in seen
    assert "Up to £25,000 a year" in seen


def test_others_neither_see_nor_change_a_draft(browser, make):
    product = make.product(make.supplier(), stage=Stage.DRAFT)
    for other in (
        make.manager(make.supplier("Other")),
        make.author(make.authority()),
        make.curator(),
    ):
        browser.as_(other)
        for address in ("", "/edit", "/edit/basics", "/history", "/list", "/discard"):
            browser.get(f"/products/{product.id}{address}")
            assert browser.status == 404, (other.name, address)
        browser.post(f"/products/{product.id}/edit/basics", **BASICS)
        assert browser.status == 404


def test_a_listed_product_is_changed_by_its_supplier_alone(browser, make):
    product = make.product(make.supplier())
    other = make.manager(make.supplier("Other"))
    seen = browser.as_(other).post(f"/products/{product.id}/edit/basics", **BASICS)
    assert browser.status == 403
    assert "the organisation it belongs to" in seen.get_text()
    browser.get(f"/products/{product.id}/edit")
    assert browser.status == 403


def test_a_colleague_who_is_no_manager_looks_but_does_not_touch(browser, make):
    supplier = make.supplier()
    product = make.product(supplier, stage=Stage.DRAFT)
    browser.as_(make.actor(supplier))
    assert not browser.main(f"/products/{product.id}").select(".app-next")
    browser.get("/products/new")
    assert browser.status == 403
    browser.post("/products", name="Mine")
    assert browser.status == 403


def test_a_section_that_is_none_does_not_exist(browser, make):
    _, id = start(browser, make)
    browser.get(f"/products/{id}/edit/colour")
    assert browser.status == 404


def test_a_payload_in_every_text_is_drawn_as_text(browser, make, indexed):
    payload = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    supplier = make.supplier(name=f"S {payload}", description=payload, site="javascript:alert(1)")
    product = make.product(
        supplier,
        name=payload,
        summary=payload,
        description=payload,
        features=[payload],
        integrations=[payload],
        cpv=["48000000"],
        site="javascript:alert(1)",
    )
    indexed()
    browser.as_(make.manager(supplier))
    for address in (
        "/products",
        "/products/mine",
        f"/products/{product.id}",
        f"/products/{product.id}/edit",
        f"/products/{product.id}/edit/basics",
        f"/products/{product.id}/edit/features",
        f"/products/{product.id}/pause",
        f"/suppliers/{supplier.id}",
        "/suppliers",
    ):
        seen = browser.get(address)
        assert browser.status == 200, address
        assert not seen.select("img[src=x], script:not([src])"), address
        assert not seen.select("a[href^='javascript']"), address
