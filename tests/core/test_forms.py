"""Forms: what was typed is read, judged in words that a person understands, and kept."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, field_validator
from starlette.datastructures import FormData

from marketplace.catalogue import drafts as product_drafts
from marketplace.catalogue import forms as catalogue
from marketplace.challenges import drafts as challenge_drafts
from marketplace.challenges import forms as challenges
from marketplace.core.forms import (
    PARTS,
    BoundForm,
    Form,
    WholeNumber,
    bind,
    clean,
    show,
    typed,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Asked(Form):
    name: Annotated[str, Field(title="The name of the product", min_length=2, max_length=10)]
    colour: Colour = Field(title="A colour")
    colours: list[Colour] = Field([], title="Colours")
    lines: Annotated[list[str], Field(max_length=2)] = Field([], title="What it does")
    count: WholeNumber | None = Field(None, title="How many", ge=1, le=1000)
    price: Decimal | None = Field(None, title="The price")
    starts_on: date | None = Field(None, title="The first day")
    agreed: bool = Field(False, title="You agree")

    @field_validator("name")
    @classmethod
    def _no_shouting(cls, name: str) -> str:
        if name.isupper():
            raise ValueError("The name must not shout")
        return name


RIGHT = {"name": "Roundwise", "colour": "red"}


def wrong(**answers: object) -> dict[str, str]:
    return dict(bind(Asked, {**RIGHT, **answers}).errors)


def test_what_is_right_is_read_as_what_it_is():
    form = bind(
        Asked,
        {
            **RIGHT,
            "colours": ["blue", "red"],
            "lines": ["one", "two"],
            "count": "1 ,000",
            "price": "12.50",
            "starts_on-day": "27",
            "starts_on-month": "3",
            "starts_on-year": "2027",
            "agreed": "true",
        },
    )
    assert form.errors == {}
    assert form.value == Asked(
        name="Roundwise",
        colour=Colour.RED,
        colours=[Colour.BLUE, Colour.RED],
        lines=["one", "two"],
        count=1000,
        price=Decimal("12.50"),
        starts_on=date(2027, 3, 27),
        agreed=True,
    )


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"name": ""}, "Enter the name of the product"),
        ({"name": "  \n "}, "Enter the name of the product"),
        ({"name": "x"}, "The name of the product must be 2 characters or more"),
        ({"name": "x" * 11}, "The name of the product must be 10 characters or fewer"),
        ({"name": "SHOUT"}, "The name must not shout"),
        ({"colour": ""}, "Select a colour"),
        ({"colour": "green"}, "Select a colour"),
        ({"colours": ["red", "green"]}, "Select colours"),
        ({"lines": ["a", "b", "c"]}, "Give 2 or fewer for what it does"),
        ({"count": "many"}, "How many must be a whole number, like 1,200"),
        ({"count": "1.5"}, "How many must be a whole number, like 1,200"),
        ({"count": "0"}, "How many must be 1 or more"),
        ({"count": "1001"}, "How many must be 1000 or less"),
        ({"price": "cheap"}, "The price must be a number, like 1,200"),
    ],
)
def test_what_is_wrong_gets_a_sentence_at_its_field(answers, sentence):
    assert wrong(**answers) == {next(iter(answers)): sentence}


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("30", "2", "2026"), "The first day must be a real date, like 27 3 2027"),
        (("0", "0", "0"), "The first day must have a year of four figures, like 2027"),
        (("1", "1", "99999"), "The first day must be a real date, like 27 3 2027"),
        (("1", "1", "27"), "The first day must have a year of four figures, like 2027"),
        (("1", "May", "2027"), "The first day must be a real date, like 27 3 2027"),
        (("-1", "1", "2027"), "The first day must be a real date, like 27 3 2027"),
        (("\u0661", "1", "2027"), "The first day must be a real date, like 27 3 2027"),
        (("", "1", "2027"), "The first day must include a day"),
        (("1", "", ""), "The first day must include a month and a year"),
    ],
)
def test_a_date_that_cannot_be_says_what_is_wrong(parts, sentence):
    given = {f"starts_on-{part}": text for part, text in zip(PARTS, parts, strict=True)}
    form = bind(Asked, {**RIGHT, **given})
    assert form.errors == {"starts_on": sentence}
    assert form.submitted == {**RIGHT, **given}


def test_a_date_that_may_be_left_out_may_be_left_out():
    form = bind(Asked, {**RIGHT, **{f"starts_on-{part}": " " for part in PARTS}})
    assert form.value is not None
    assert form.value.starts_on is None


def test_errors_stand_in_the_order_of_the_questions():
    form = bind(Asked, {"starts_on-day": "1", "count": "x"})
    assert list(form.errors) == ["name", "colour", "count", "starts_on"]
    assert form.value is None


def test_a_form_can_be_refused_for_what_only_the_database_knows():
    form = bind(Asked, RIGHT).refused("name", "There is one of that name")
    assert form.errors == {"name": "There is one of that name"}
    assert form.value is None
    assert form.submitted == RIGHT


def test_what_a_browser_sends_is_read_by_the_kind_of_field():
    data = FormData(
        [
            ("name", "Round\r\nwise\x00"),
            ("name", "a second one"),
            ("colours", "red"),
            ("colours", "blue"),
            ("lines", " one \r\n\r\n two "),
            ("starts_on-day", "1"),
            ("stage", "open"),
        ]
    )
    assert typed(Asked, data) == {
        "name": "a second one",
        "colours": ["red", "blue"],
        "lines": ["one", "two"],
        "starts_on-day": "1",
        "starts_on-month": "",
        "starts_on-year": "",
    }


def test_text_is_cleaned_of_what_no_database_holds():
    assert clean("a\r\nb\rc\x00\ud800") == "a\nb\nc?"


def test_what_is_known_is_shown_as_a_person_would_type_it():
    form = show(
        Asked,
        {
            "name": "Roundwise",
            "colour": Colour.RED,
            "lines": ("one", "two"),
            "price": Decimal("1E+3"),
            "starts_on": date(2027, 3, 7),
            "agreed": True,
            "count": None,
        },
    )
    assert form == BoundForm(
        Asked,
        {
            "name": "Roundwise",
            "colour": "red",
            "lines": ["one", "two"],
            "price": "1000",
            "starts_on-day": "7",
            "starts_on-month": "3",
            "starts_on-year": "2027",
            "agreed": "true",
        },
    )
    assert bind(Asked, form.submitted).errors == {}


# ---- Every form there is

EVERY = [
    *(section.form for section in challenge_drafts.SECTIONS.values()),
    *(section.form for section in product_drafts.SECTIONS.values()),
    challenges.Drafting,
    challenges.Committing,
    challenges.Returning,
    challenges.Taking,
    challenges.Withdrawing,
    catalogue.Drafting,
]
ANSWERS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["waste", "25k-100k", "48000000", "committed", "1e9999", "-1", str(UUID(int=1))]
    ),
)


@settings(max_examples=50, deadline=None, derandomize=True)
@given(kind=st.sampled_from(EVERY), data=st.data())
def test_any_answers_are_right_or_told_why_not(kind, data):
    answers = {
        name: data.draw(
            st.lists(ANSWERS, max_size=3) if "list" in str(about.annotation) else ANSWERS
        )
        for name, about in kind.model_fields.items()
        if "date" not in str(about.annotation)
    }
    answers |= {
        f"{name}-{part}": data.draw(ANSWERS)
        for name, about in kind.model_fields.items()
        for part in PARTS
        if "date" in str(about.annotation)
    }
    form = bind(kind, answers)
    assert (form.value is None) == bool(form.errors)
    assert form.submitted == answers
    for name, sentence in form.errors.items():
        assert name in kind.model_fields
        assert len(sentence.split()) > 1
        assert "{" not in sentence or "{" in str(answers)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_every_question_of_a_form_has_words_of_its_own(kind):
    for name, about in kind.model_fields.items():
        assert about.title, f"{kind.__name__}.{name} has a label"
        assert not about.title.endswith((":", "?", ".")), about.title
