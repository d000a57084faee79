"""Pages: the block that htmx asks for is drawn alone; what is wrong is drawn in its place."""

from typing import Annotated

import pytest
from bs4 import BeautifulSoup
from fastapi import FastAPI, Form, Request
from fastapi.testclient import TestClient
from pydantic import Field
from starlette.middleware.sessions import SessionMiddleware

from marketplace.app import build
from marketplace.core import forms
from marketplace.core.pages import flash, go, page, piece, target


class Asking(forms.Form):
    title: str = Field(title="A title")


@pytest.fixture
def client(marketplace):
    """The marketplace's own pages, drawn by routes of this test."""
    app = FastAPI()
    app.state = build(marketplace).state
    app.add_middleware(SessionMiddleware, secret_key="k" * 40)

    @app.get("/page", name="a page")
    def show(request: Request, announce: str = "", instead: str = "") -> object:
        return drawn(request, announce=announce, instead=instead)

    @app.post("/page")
    def send(request: Request, title: Annotated[str, Form()] = "") -> object:
        form = forms.bind(Asking, {"title": title})
        if form.value is None:
            return drawn(request, form=form)
        flash(request, "It is done.")
        return go(request, "a page")

    @app.get("/piece")
    def line(request: Request) -> object:
        return piece("saved", "Saved <b>now</b>")

    with TestClient(app) as client:
        yield client


def drawn(request: Request, **values: object) -> object:
    return page(
        request,
        "errors/problem.html",
        **{"title": "A title", "why": "A reason.", "reference": "", "wait": "", **values},
    )


def part_of(target: str) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": target}


def test_a_page_is_whole_without_htmx(client):
    answer = client.get("/page")
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.html
    assert page.h1.text == "A title"
    assert {"HX-Request", "HX-Request-Type", "HX-Target"} <= set(answer.headers["vary"].split(", "))


def test_a_page_is_whole_when_htmx_restores_history(client):
    headers = {"HX-Request": "true", "HX-Request-Type": "full", "HX-Target": "body"}
    assert BeautifulSoup(client.get("/page", headers=headers).text, "html.parser").html


@pytest.mark.parametrize("wanted", ["main", "main#main", "div#main", "%6Dain"])
def test_only_the_block_that_htmx_asks_for_is_drawn(client, wanted):
    page = BeautifulSoup(client.get("/page", headers=part_of(wanted)).text, "html.parser")
    assert not page.select("html, body, header, footer, main")
    assert page.h1.text == "A title"


def test_what_is_announced_goes_beside_the_block(client):
    page = BeautifulSoup(
        client.get("/page?announce=7+<b>challenges", headers=part_of("main")).text, "html.parser"
    )
    said = page.select_one("hx-partial")
    assert (said["hx-target"], said.text) == ("#announcement", "7 <b>challenges")


def test_an_answer_without_the_wanted_block_is_loaded_whole(client):
    answer = client.get("/page?announce=x", headers=part_of("section#nothing-here"))
    assert answer.text == ""
    assert answer.headers["hx-redirect"] == "/page?announce=x"


def test_a_refusal_takes_the_place_of_the_page_whatever_was_wanted(client):
    answer = client.get("/page?instead=main", headers=part_of("section#nothing-here"))
    assert "A reason." in answer.text
    assert answer.headers["hx-retarget"] == "#main"
    assert "innerHTML" in answer.headers["hx-reswap"]


def test_a_wrong_form_is_422_in_its_place_and_says_so_in_the_title(client):
    answer = client.post("/page", data={"title": ""}, headers=part_of("form#not-a-block"))
    page = BeautifulSoup(answer.text, "html.parser")
    assert answer.status_code == 422
    assert answer.headers["hx-retarget"] == "#main"
    assert page.title.text == "Error: A title"
    assert not page.select("html")


def test_a_wrong_form_is_422_without_javascript_too(client):
    answer = client.post("/page", data={"title": ""})
    assert answer.status_code == 422
    assert BeautifulSoup(answer.text, "html.parser").title.text.startswith("Error: A title")


def test_what_was_done_is_said_once_on_the_next_whole_page(client):
    assert "It is done." in client.post("/page", data={"title": "x"}).text
    assert "It is done." not in client.get("/page").text


def test_a_part_of_a_page_leaves_what_is_to_be_said_for_the_next_whole_one(client):
    sent = client.post("/page", data={"title": "x"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/page")
    assert "It is done." not in client.get("/page", headers=part_of("main")).text
    assert "It is done." in client.get("/page").text


def test_a_line_for_one_element_is_text(client):
    page = BeautifulSoup(client.get("/piece").text, "html.parser")
    assert page.select_one("hx-partial[hx-target='#saved']").text == "Saved <b>now</b>"
    assert not page.select("b")


@pytest.mark.parametrize(
    ("header", "block"),
    [
        ("section#needs-you", "needs_you"),
        ("needs-you", "needs_you"),
        ("div#a%20b", "a b"),
        ("", ""),
        ("form##x", "x"),
    ],
)
def test_the_block_has_the_name_of_the_element(header, block):
    scope = {"type": "http", "headers": [(b"hx-target", header.encode())]}
    assert target(Request(scope)) == block
