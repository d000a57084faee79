"""What the tests of shortlists share."""

import pytest

from marketplace.discovery import indexing


@pytest.fixture
def camden(make):
    return make.authority("Camden")


@pytest.fixture
def author(make, camden):
    return make.author(camden)


@pytest.fixture
def fill(marketplace):
    return lambda: indexing.reindex(marketplace.engine, marketplace.index)


@pytest.fixture
def product(make):
    return make.product(make.supplier("Roundwise Ltd"))


@pytest.fixture
def start(browser, author):
    """Starts a list through the form, and returns its address."""

    def start(*products, name="Waste, spring 2027", who=None, **more):
        browser.as_(who or author)
        browser.post("/shortlists", name=name, id=[str(one.id) for one in products], **more)
        return browser.last

    return start
