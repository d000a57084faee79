"""A page asks the database the same few questions, however much there is to show."""

from dataclasses import dataclass, field

import pytest

from marketplace.challenges.models import Challenge, Level
from marketplace.claims.models import Stage as Met
from marketplace.discovery.indexing import reindex
from tests.browser_of_pages import MOST_QUERIES
from tests.claims import rows

FEW, MANY = 5, 50
READERS = {
    "a visitor": [
        "/",
        "/challenges",
        "/challenges/{challenge}",
        "/challenges/{challenge}/commitments",
        "/challenges/{challenge}/matches",
        "/challenges/{challenge}/history",
        "/products",
        "/products?q=rounds",
        "/products/{product}",
        "/products/{product}/standards",
        "/suppliers",
        "/suppliers/{supplier}",
        "/authorities",
        "/authorities/{authority}",
        "/notices",
        "/search?q=bins&kind=challenge",
    ],
    "an author": ["/home", "/home/challenges", "/challenges", "/challenges/{challenge}"],
    "a manager": [
        "/home",
        "/products/mine",
        "/claims",
        "/products/{product}",
        "/products/{product}/challenges",
    ],
}


@dataclass
class World:
    """As many of everything as is asked for, each with what points at it."""

    make: object
    reindex: object
    others: list = field(default_factory=list)
    challenges: list[Challenge] = field(default_factory=list)

    def __post_init__(self):
        self.camden, self.supplier = self.make.authority(), self.make.supplier()
        self.others = [self.make.authority(f"Borough {number}") for number in range(3)]

    def grow(self, total):
        for number in range(len(self.challenges), total):
            challenge = self.make.challenge(self.camden, title=f"Bins are missed, case {number}")
            product = self.make.product(self.supplier, name=f"Roundwise {number}")
            for other in self.others:
                self.make.commitment(challenge, other, Level.WATCHING)
                self.make.use(product, other)
            held = rows.version(self.make, key=f"S-{number}")
            rows.claim(self.make, held, self.supplier, stage=Met.MET)
            self.make.notice(title=f"Bins and rounds {number}")
            self.make.product(self.make.supplier(f"Supplier {number}"))
            self.make.challenge(self.make.authority(f"Council {number}"))
            self.challenges.append(challenge)
            self.product = product
        self.reindex()

    def reader(self, called):
        return {
            "a visitor": lambda: None,
            "an author": lambda: self.make.author(self.camden),
            "a manager": lambda: self.make.manager(self.supplier),
        }[called]()

    def address(self, form):
        return form.format(
            challenge=self.challenges[0].id,
            product=self.product.id,
            supplier=self.supplier.id,
            authority=self.camden.id,
        )


@pytest.fixture
def world(make, marketplace):
    return World(make, lambda: reindex(marketplace.engine, marketplace.index))


@pytest.mark.parametrize("reader", READERS)
def test_a_page_asks_as_much_for_fifty_rows_as_for_five(world, browser, reader):
    asked = {}
    for total in (FEW, MANY):
        world.grow(total)
        if actor := world.reader(reader):
            browser.as_(actor)
        for form in READERS[reader]:
            browser.get(world.address(form))
            assert browser.status == 200, form
            asked[form, total] = len(browser.queries)

    assert {form: asked[form, MANY] for form in READERS[reader]} == {
        form: asked[form, FEW] for form in READERS[reader]
    }
    assert 0 < max(asked.values()) <= MOST_QUERIES
