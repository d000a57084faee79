"""A whole need is matched with offerings: what every engine must answer."""

from search.port import Index
from tests.search.documents import PRODUCTS, document, match

NEED = """
Our depot still prints the rounds. Drivers of refuse vehicles write missed bins on paper, and
nobody knows what the COMMERCIAL waste of a trader weighs. We need one system that plans the
rounds, records missed bins in the cab, and weighs trade waste so that invoices are right.
It has to work with the systems that the council already has, and it has to be accessible.
"""


def test_what_answers_the_need_comes_first_and_the_score_runs_from_0_to_1(index: Index) -> None:
    matches = match(index, NEED, kinds=frozenset({"product"}))
    assert {one.id for one in matches[:2]} == {"product-1", "product-2"}
    scores = [one.score for one in matches]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)


def test_no_word_of_the_need_is_required(index: Index) -> None:
    unknown = "Zephyr quokka flibbertigibbet. " * 50
    assert match(index, unknown + "Lettings of homes.")[0].id == "product-4"


def test_the_terms_are_words_of_the_need_as_it_wrote_them(index: Index) -> None:
    first = next(one for one in match(index, NEED) if one.id == "product-1")
    assert "COMMERCIAL" in first.terms
    assert all(term in NEED for term in first.terms)
    assert "rounds" in first.terms
    assert "has" not in first.terms


def test_the_terms_are_told_strongest_first(empty: Index) -> None:
    empty.replace(
        [
            document("product-1", "One", "Software for councils with telemetry."),
            *(document(f"product-{n}", "Other", "Software for councils.") for n in range(2, 9)),
        ]
    )
    first = match(empty, "councils want software with telemetry")[0]
    assert first.id == "product-1"
    assert first.terms[0] == "telemetry"


def test_a_term_is_told_once_however_often_the_need_writes_it(index: Index) -> None:
    terms = match(index, "Repairs, repair, repairing and REPAIRS of housing")[0].terms
    assert [term.lower()[:6] for term in terms].count("repair") == 1


def test_only_the_kinds_asked_for_are_matched(index: Index) -> None:
    challenges = match(index, PRODUCTS[1].body, kinds=frozenset({"challenge"}))
    assert [one.id for one in challenges] == ["challenge-7"]
    assert [one.kind for one in challenges] == ["challenge"]


def test_filters_hold_for_matches(index: Index) -> None:
    housing = {"area": frozenset({"housing-repairs"})}
    assert [one.id for one in match(index, NEED + "damp", filters=housing)] == ["product-3"]


def test_no_more_matches_come_than_were_asked_for(index: Index) -> None:
    assert len(match(index, NEED, size=2)) == 2


def test_a_need_without_words_matches_nothing(index: Index) -> None:
    assert match(index, "") == match(index, " … 🙂 ") == ()


def test_nothing_is_matched_of_a_kind_that_is_not_there(index: Index) -> None:
    assert match(index, "A register for lettings of homes", kinds=frozenset({"notice"})) == ()


def test_nothing_is_matched_in_an_empty_index(empty: Index) -> None:
    assert match(empty, NEED) == ()


def test_rare_words_count_for_more_than_frequent_ones(empty: Index) -> None:
    empty.replace(
        [
            document("product-1", "Alpha", "Mortuary software."),
            *(document(f"product-{n}", "Beta", "Support and training.") for n in range(2, 9)),
        ]
    )
    assert match(empty, "support and training for a mortuary")[0].id == "product-1"


def test_a_need_of_a_hundred_thousand_words_is_answered(index: Index) -> None:
    assert match(index, NEED * 1_500)[0].id in {"product-1", "product-2"}


def test_a_need_matches_what_is_called_otherwise_and_is_told_its_own_words(index: Index) -> None:
    first = match(index, "Payments for our ASC teams")[0]
    assert first.id == "product-6"
    assert set(first.terms) == {"Payments", "ASC"}


def test_a_slip_in_a_short_need_is_forgiven(index: Index) -> None:
    first = match(index, "a register for lettingz")[0]
    assert first.id == "product-4"
    assert "lettingz" in first.terms
