"""A small application of sample pages, to look at every component alone and in a browser."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request, Response
from fastapi import Form as FormField
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from pydantic import ConfigDict, Field
from starlette.datastructures import UploadFile

from auth.actor import VISITOR, Actor, Kind
from marketplace.core import pages
from marketplace.core.assets import Assets
from marketplace.core.charts import TimeScale
from marketplace.core.forms import BoundForm, Form, bind, show, typed
from marketplace.core.middleware import Surroundings
from marketplace.core.timeline import Entry
from marketplace.core.times import now
from marketplace.organisations.tiles import Standing, others, tiles

HERE = Path(__file__).parent
PACKAGES = HERE.parents[1] / "node_modules"
BUYER = Actor("Priya Shah", Kind.AUTHORITY, organisation_name="London Borough of Camden")


class Hosting(StrEnum):
    SAAS = "saas"
    ON_PREMISES = "on-premises"


class Letter(StrEnum):
    A, B, C, D, E, F, G, H = "abcdefgh"


class Everything(Form):
    title: str = Field(title="Title", description="A few words", max_length=120)
    need: str = Field(title="The need", max_length=3000)
    features: list[str] = Field(title="Features", description="One a line", max_length=20)
    start: date = Field(title="Earliest start", description="For example, 27 3 2027")
    hosting: Hosting = Field(title="Hosting")
    wanted: list[Hosting] = Field([], title="Hosting you would accept")
    letter: Letter = Field(title="Letter")
    level: Literal["watching", "committed"] | None = Field(None, title="Level")
    budget: Decimal | None = Field(None, title="Budget")
    homes: int | None = Field(None, title="Homes", json_schema_extra={"suffix": "homes"})
    agreed: bool = Field(False, title="We agree to be named")
    small: bool | None = Field(None, title="Is it a small company?")
    evidence: UploadFile | None = Field(None, title="Evidence")
    reference: str = Field("", title="Reference", json_schema_extra={"control": "hidden"})

    model_config = ConfigDict(arbitrary_types_allowed=True)


HAPPENED = (
    Entry("Challenge opened", datetime(2026, 11, 23, 12, tzinfo=UTC), "LOTI", "After review."),
    Entry("Posted", datetime(2026, 11, 20, 9, tzinfo=UTC), ""),
)
FILLED: Mapping[str, Any] = {
    "title": "Waste <script>alert(1)</script>",
    "need": "Rounds are planned by hand.",
    "features": ["Route planning", "Missed bins"],
    "start": date(2027, 3, 27),
    "hosting": Hosting.SAAS,
    "wanted": [Hosting.SAAS, Hosting.ON_PREMISES],
    "letter": Letter.C,
    "budget": Decimal(120000),
    "agreed": True,
    "small": False,
}

STANDINGS = {
    "E09000007": Standing("posted", "Posted this", "/reading"),
    "E09000012": Standing("same-need", "Committed", "/reading"),
    "E09000028": Standing("same-need", "Interested", "/reading"),
    "E09000013": Standing("watching", "Watching", "/reading"),
}


def environment() -> Environment:
    """The product's strict environment, which also finds the sample pages here."""
    ours = pages.strict.loader
    assert ours is not None
    return pages.strict.overlay(loader=ChoiceLoader([ours, FileSystemLoader(HERE)]))


def surroundings(assets: Assets) -> dict[str, Any]:
    """What base.html reads on every page."""
    areas = [("Home", "/"), ("Challenges", "/reading"), ("Products", "/list"), ("Suppliers", "/x")]
    return {
        "actor": BUYER,
        "navigation": [{"text": t, "href": h, "active": h == "/reading"} for t, h in areas],
        "footer": [{"text": "Help", "href": "/help"}, {"text": "Open data", "href": "/data"}],
        "demo": True,
        "flash": None,
        "asset": assets.address,
        "now": now(),
    }


def samples() -> dict[str, Any]:
    """Values for the sample pages."""
    scale = TimeScale.around([date(2026, 11, 1), date(2029, 3, 31)])
    bodies = [("Transport for London", Standing("watching", "Watching"))]
    return {
        "tiles": tiles(STANDINGS),
        "bodies": others(bodies),
        "scale": scale,
        "dates": {
            "start": date(2026, 11, 1),
            "end": date(2027, 9, 30),
            "until": date(2028, 9, 30),
            "notice": date(2027, 3, 31),
            "today": date(2026, 11, 23),
            "common": date(2028, 4, 1),
        },
    }


def build() -> FastAPI:
    app, assets, templates = FastAPI(), Assets(PACKAGES), environment()
    app.add_route("/assets/{name:path}", assets.serve)

    def draw(request: Request, name: str, code: int = 200, **values: Any) -> HTMLResponse:
        template = templates.get_template(name)
        given = {"request": request} | surroundings(assets) | samples() | values
        block = pages.target(request)
        if not pages.partial(request):
            return HTMLResponse(template.render(given), code, pages.VARY)
        drawn = "".join(template.blocks[block](template.new_context(given)))
        return HTMLResponse(drawn, code, pages.VARY)

    @app.get("/")
    def asked(request: Request) -> Response:
        form: BoundForm[Everything] = show(Everything, FILLED)
        return draw(request, "asking.html", form=form)

    @app.post("/")
    async def answered(request: Request) -> Response:
        async with request.form() as sent:
            form = bind(Everything, typed(Everything, sent))
        return draw(request, "asking.html", 422 if form.errors else 200, form=form)

    @app.get("/front")
    def front(request: Request) -> Response:
        return draw(request, "front.html", actor=VISITOR)

    @app.post("/saved")
    def saved(title: Annotated[str, FormField()] = "") -> Response:
        if title == "Refuse this":
            return HTMLResponse("You cannot", 409, pages.TO_THE_TOP)
        return pages.piece("saved", "Saved automatically at 2:31pm. Not sent yet.")

    @app.post("/broken")
    def broken() -> Response:
        return HTMLResponse("Nobody should see this", 500)

    @app.get("/reading")
    def reading(request: Request) -> Response:
        return draw(request, "reading.html", happened=HAPPENED)

    @app.get("/list")
    def listing(request: Request) -> Response:
        chosen = request.query_params.getlist("area")
        words = request.query_params.get("q", "")
        return draw(request, "list.html", chosen=chosen, words=words)

    @app.get("/error")
    def error(request: Request, status: int = 409) -> Response:
        words = {"title": "This cannot be done now", "why": "Hackney has committed already."}
        more = {"reference": "3f2a9c", "wait": "", "back": lambda: "/challenges"}
        return draw(request, "errors/problem.html", status, status=status, **words, **more)

    app.add_middleware(Surroundings, secure=False, broken=lambda request, why: broken())
    return app
