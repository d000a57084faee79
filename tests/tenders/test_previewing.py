"""What everybody will see of a tender, shown beforehand to those who prepare it."""

from bs4 import Tag

from auth.actor import VISITOR
from tests.tenders.drafting import Drafted, fine

MAIN = ".govuk-grid-column-two-thirds"  # the parts, beside what can be done with the tender


def facts(page: Tag) -> dict[str, str]:
    return {words(one.dt): words(one.dd) for one in page.select(".app-facts > div")}


def words(tag: Tag | None) -> str:
    assert tag
    return tag.get_text(" ", strip=True)


def test_the_preview_is_what_is_later_published_and_nothing_begins_there(ready: Drafted):
    browser, at = ready.as_author("Hackney"), f"{ready.work}/preview"
    assert browser.main(ready.work).select_one(f"a[href='{at}']")
    preview = browser.main(at)
    assert "This is a preview. Nobody else sees it." in words(preview)
    assert not preview.select("form")
    bid = preview.select_one("button")
    assert bid
    assert bid.has_attr("disabled")
    assert words(bid) == "Bid for this tender"
    outward = {str(link["href"]) for link in preview.select("a[href]")}
    assert {one for one in outward if str(ready.id) in one} == {ready.work, f"{ready.work}/prices"}
    ready.as_author().post(f"{ready.work}/publish")
    fine(browser)
    public = browser.as_(VISITOR).main(f"/tenders/{ready.id}")
    assert words(public.select_one(MAIN)) == words(preview.select_one(MAIN))
    assert "£200,000" in words(preview.select_one(MAIN))
    assert words(public.select_one(".app-heading")) == words(preview.select_one(".app-heading"))
    expected = facts(preview)
    assert expected.pop("Published").startswith("Not yet, planned for ")
    assert facts(public).items() >= expected.items()
    assert "preview" not in words(ready.as_author().main(at)), "it is there for everybody now"


def test_an_empty_draft_has_a_preview_that_says_what_is_not_written(tender: Drafted):
    browser = tender.as_author()
    browser.post("/tenders", title="Something new")
    fine(browser)
    seen = browser.main(f"{browser.last}/preview")
    assert "Specification Not written yet." in words(seen.select_one(MAIN))
    assert "No criterion is written yet." in words(seen.select_one(MAIN))
    assert "Not given yet" in words(seen)


def test_those_who_prepare_it_see_the_preview_and_nobody_else(tender: Drafted, make):
    at, browser = f"{tender.work}/preview", tender.browser
    strangers = (VISITOR, make.author(make.authority("Barnet")), make.manager(make.supplier()))
    for person in strangers:
        browser.as_(person).get(at)
        assert browser.status == 404
    for person in (tender.approvers["Hackney"], make.loti_administrator()):
        assert "This is a preview." in words(browser.as_(person).main(at))


def test_a_tender_published_before_the_planned_day_says_when_it_was(published: Drafted):
    browser = published.as_author()  # planned for tomorrow
    public, work = browser.main(f"/tenders/{published.id}"), browser.main(published.work)
    for seen in (public, work):
        assert "To be published" not in words(seen)
        assert "(UK time)" in facts(seen)["Published"]
        assert "Publish" not in facts(seen)
