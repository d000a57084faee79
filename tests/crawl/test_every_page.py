"""Every page works for everybody: every link, form and part that htmx asks for leads somewhere."""

from marketplace.organisations.personas import PERSONAS
from tests.crawl.routes import find

HOMES = {"home", "challenge.list", "product.list", "supplier.list", "notice.list", "search"}


def test_every_page_works_and_every_link_leads_somewhere(walk):
    assert not walk.wrong, "\n".join(walk.wrong)
    routes = {route.name for seen in walk.seen if (route := find("GET", seen.url))}
    wanted = HOMES | {"challenge.show", "product.show", "supplier.show", "notice.show"}
    missing = wanted - routes - (set() if walk.person in PERSONAS else {"home"})
    assert not missing, "the walk came far"
