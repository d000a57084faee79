"""Every component, drawn from real forms in the product's environments."""

import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from starlette.datastructures import URL

from marketplace.core import pages
from marketplace.core.charts import TimeScale
from marketplace.core.controls import control
from marketplace.core.forms import BoundForm, bind, show
from marketplace.organisations.tiles import PLACES, tiles
from tests.browser_of_pages import inspect
from tests.templates.conftest import Samples
from tests.templates.workbench import FILLED, Everything


def draw(source: str, **values: Any) -> BeautifulSoup:
    return BeautifulSoup(pages.strict.from_string(source).render(values), "html.parser")


def ask(name: str, form: BoundForm[Any] | None = None, **more: Any) -> BeautifulSoup:
    given = {"form": form or show(Everything, FILLED), "name": name, "more": more}
    return draw("{{ ui.question(form, name, **more) }}", **given)


def one(seen: BeautifulSoup | Tag, selector: str) -> Tag:
    found = seen.select(selector)
    assert len(found) == 1, f"{selector}: {len(found)}"
    return found[0]


@pytest.mark.parametrize("url", ["/", "/front", "/reading", "/list", "/error"])
def test_a_sample_page_keeps_the_rules_of_every_page(samples: Samples, url: str) -> None:
    inspect(samples.see(url), url)


@pytest.mark.parametrize("url", ["/", "/front", "/reading", "/list", "/error"])
def test_what_a_page_points_at_is_on_the_page(samples: Samples, url: str) -> None:
    seen = samples.see(url)
    ids = {str(tag["id"]) for tag in seen.select("[id]")}
    for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
        for tag in seen.select(f"[{attribute}]"):
            assert set(str(tag[attribute]).split()) <= ids, tag
    for link in seen.select("a[href^='#']"):
        assert str(link["href"])[1:] in ids, link
    for tag in seen.select("[hx-target]"):
        assert str(tag["hx-target"])[1:] in ids, tag


@pytest.mark.parametrize("status", [403, 404, 409, 413, 422, 429, 500, 503])
def test_a_refusal_says_what_happened_and_where_to_go(samples: Samples, status: int) -> None:
    seen = samples.see(f"/error?status={status}")
    inspect(seen, f"{status}")
    main = one(seen, "main")
    assert main.select("a[href='/search']")
    assert "3f2a9c" in main.text
    assert ("Try again" in main.text) == (status in (429, 503))


def test_hidden_and_absent_are_refused_in_the_same_words(samples: Samples) -> None:
    assert "Hackney" not in samples.see("/error?status=404").text
    assert "Hackney" in samples.see("/error?status=409").text


def test_no_template_holds_what_the_content_policy_refuses() -> None:
    for path in sorted(pages.TEMPLATES.rglob("*.html")):
        text = path.read_text()
        for refused in (
            "style=",
            "<style",
            "hx-on",
            "js:",
            "javascript:",
            "hx-live",
            "show:window",
        ):
            assert refused not in text, f"{path.name} holds {refused}"
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), f"{path.name} holds a script"
        assert not re.search(r'hx-trigger="[^"]*\w\[[^=\]]*\]', text), f"{path.name} has a filter"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("title", "input"),
        ("need", "textarea"),
        ("features", "lines"),
        ("start", "date"),
        ("hosting", "radios"),
        ("wanted", "checkboxes"),
        ("letter", "select"),
        ("level", "radios"),
        ("budget", "money"),
        ("homes", "number"),
        ("agreed", "tick"),
        ("small", "yes-no"),
        ("evidence", "file"),
        ("reference", "hidden"),
    ],
)
def test_the_type_of_a_field_chooses_its_control(name: str, kind: str) -> None:
    assert control(show(Everything, {}), name).kind == kind


def test_the_controls_hold_what_was_filled_in() -> None:
    assert one(ask("title"), "input")["value"] == "Waste <script>alert(1)</script>"
    assert one(ask("need"), "textarea").text == "Rounds are planned by hand."
    assert one(ask("features"), "textarea").text == "Route planning\nMissed bins"
    assert [box["value"] for box in ask("start").select("input")] == ["27", "3", "2027"]
    assert [box["name"] for box in ask("start").select("input")] == [
        "start-day",
        "start-month",
        "start-year",
    ]
    assert one(ask("hosting"), "input[checked]")["value"] == "saas"
    assert len(ask("wanted").select("input[checked]")) == 2
    assert one(ask("letter"), "option[selected]")["value"] == "c"
    assert one(ask("budget"), "input")["value"] == "120000"
    assert one(ask("agreed"), "input[checked]")["value"] == "true"
    assert one(ask("small"), "input[checked]")["value"] == "false"


def test_an_empty_form_has_nothing_chosen() -> None:
    blank = show(Everything, {})
    for name in Everything.model_fields:
        assert not ask(name, blank).select("[checked], [selected]")


def test_label_hint_and_error_belong_to_the_control() -> None:
    seen = ask("title", bind(Everything, {}))
    box = one(seen, "input")
    assert one(seen, "label[for=title]").get_text(strip=True) == "Title"
    assert box["aria-describedby"] == "title-hint title-error"
    assert one(seen, "#title-hint").get_text(strip=True) == "A few words"
    assert "Enter title" in one(seen, "#title-error").text


def test_a_group_of_controls_has_a_legend_that_names_it() -> None:
    for name in ("start", "hosting", "wanted", "small"):
        assert one(ask(name), "fieldset > legend").get_text(strip=True)


def test_what_may_be_left_out_says_so() -> None:
    assert "(optional)" in ask("budget").text
    assert "(optional)" not in ask("title").text
    assert "(optional)" not in ask("agreed").text


def test_an_optional_choice_can_be_taken_back() -> None:
    assert [box["value"] for box in ask("level").select("input")] == ["watching", "committed", ""]
    assert [box["value"] for box in ask("hosting").select("input")] == ["saas", "on-premises"]


def test_money_and_numbers_show_their_units() -> None:
    assert one(ask("budget"), ".govuk-input__prefix").text.strip() == "£"
    assert one(ask("homes"), ".govuk-input__suffix").text.strip() == "homes"
    assert one(ask("homes"), "input")["inputmode"] == "numeric"


def test_a_long_answer_is_counted() -> None:
    assert one(ask("need"), ".govuk-character-count")["data-maxlength"] == "3000"


def test_choices_that_come_from_data_turn_a_text_into_a_choice() -> None:
    few = [("1", "Camden"), ("2", "Hackney", "Since May")]
    assert len(ask("title", options=few).select("input[type=radio]")) == 2
    assert "Since May" in ask("title", options=few).text
    many = [(str(n), f"Authority {n}") for n in range(8)]
    assert len(ask("title", options=many).select("select > option")) == 9


def test_the_heading_of_a_page_can_be_its_only_question() -> None:
    assert one(ask("title", heading="l"), "h1 label").text.strip() == "Title"
    assert one(ask("hosting", heading="l"), "legend h1").text.strip() == "Hosting"


def test_the_summary_of_errors_leads_to_the_first_thing_to_fill_in(samples: Samples) -> None:
    seen = samples.send("/", hosting="saas")
    links = {str(link["href"]) for link in seen.select(".govuk-error-summary a")}
    assert {"#title", "#start-day", "#letter"} <= links
    assert all(seen.select(link) for link in links)
    assert seen.title
    assert seen.title.text.startswith("Error: Tell us everything")


def test_a_form_with_a_target_redraws_only_that_block() -> None:
    form = one(draw("{% call ui.form('/x', target='signatures') %}a{% endcall %}"), "form")
    assert form["hx-target"] == "#signatures"
    assert (form["method"], form["action"]) == ("post", "/x")
    plain = one(draw("{% call ui.form('/x', multipart=true) %}a{% endcall %}"), "form")
    assert "hx-target" not in plain.attrs
    assert plain["enctype"] == "multipart/form-data"


def test_autosave_never_replaces_what_is_on_the_page() -> None:
    form = one(draw("{% call ui.form('/send', autosave='/keep') %}a{% endcall %}"), "form")
    assert (form["action"], form["hx-post"], form["hx-swap"]) == ("/send", "/keep", "none")


def test_a_link_to_change_a_fact_says_which_fact() -> None:
    seen = draw("{{ ui.summary_list([('Budget', '', '/b'), ('Area', 'Waste')]) }}")
    assert " ".join(one(seen, "a").text.split()) == "Change budget"
    assert "Not provided" in one(seen, "dl > div:first-child").text


def test_a_task_that_cannot_start_yet_is_no_link() -> None:
    tasks = [{"text": "Check", "href": "/x", "status": "Cannot start yet"}]
    seen = draw("{{ ui.task_list(groups) }}", groups=[{"title": "Send", "tasks": tasks}])
    assert not seen.select("a")
    assert "Cannot start yet" in seen.text


def test_marked_text_is_escaped_and_its_words_are_marked() -> None:
    seen = draw("{{ ui.marked(pieces) }}", pieces=(("<b>Waste ", False), ("routes", True)))
    assert one(seen, "mark").text == "routes"
    assert seen.text == "<b>Waste routes"


def test_pages_keep_the_rest_of_the_address() -> None:
    url = URL("http://testserver/search?q=waste&page=2")
    seen = draw("{{ ui.numbered(2, 9, url) }}", url=url)
    assert one(seen, "[aria-current]").text == "2"
    assert all("q=waste" in str(link["href"]) for link in seen.select("a"))
    assert [item.text.strip() for item in seen.select("li")] == ["1", "2", "3", "⋯", "9"]
    assert not draw("{{ ui.numbered(1, 1, url) }}", url=url).select("nav")


def test_the_map_names_every_authority_and_its_state() -> None:
    seen = draw("{{ pictures.tile_map(tiles) }}", tiles=tiles({}))
    names = {name for name, _, _ in PLACES.values()}
    assert len(seen.select("li")) == len(names) == 33
    assert {str(tile.text).removesuffix("Not yet") for tile in seen.select("li")} == names


def test_no_two_authorities_share_a_place_on_the_map() -> None:
    assert len({place[1:] for place in PLACES.values()}) == 33


def test_the_rules_of_the_map_place_every_tile(samples: Samples) -> None:
    sheet = samples.client.get("/assets/pictures.css").text
    for _, row, column in PLACES.values():
        assert re.search(rf"\.r{row} {{ grid-row: {row}; }}", sheet)
        assert re.search(rf"\.c{column} {{ grid-column: {column}; }}", sheet)


def test_bars_share_one_scale() -> None:
    seen = draw("{{ pictures.bars([('Small', 2), ('Large', 8)]) }}")
    assert [(bar["value"], bar["max"]) for bar in seen.select("progress")] == [
        ("2", "8"),
        ("8", "8"),
    ]
    assert not draw("{{ pictures.bars([]) }}").select("progress")


def test_the_time_scale_puts_days_where_they_belong() -> None:
    scale = TimeScale(date(2026, 1, 1), date(2027, 1, 1))
    assert [scale.x(day) for day in (scale.first, date(2026, 7, 2), scale.last)] == [0, 499, 1000]
    assert scale.x(date(2030, 1, 1)) == 1000
    assert [tick.text for tick in scale.ticks()] == [
        "Jan 2026",
        "Apr 2026",
        "Jul 2026",
        "Oct 2026",
        "Jan 2027",
    ]
    assert [tick.text for tick in TimeScale(date(2020, 1, 1), date(2032, 1, 1)).ticks()] == [
        "2020",
        "2022",
        "2024",
        "2026",
        "2028",
        "2030",
        "2032",
    ]
    assert TimeScale.around([]) is None


def test_a_time_scale_around_days_holds_whole_months() -> None:
    assert TimeScale.around([date(2026, 11, 23), None, date(2027, 2, 3)]) == TimeScale(
        date(2026, 11, 1), date(2027, 3, 1)
    )
