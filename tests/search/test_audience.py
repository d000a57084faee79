"""Nothing outside somebody's audience is found, counted, suggested or matched."""

import pytest

from search.port import Index, Range, Sort
from tests.search.documents import AUTHORITY, PUBLIC, document, find, found, match

SECRET = document(
    "challenge-50",
    "Quibble arbitration",
    "Quibbles between neighbours about marmalade.",
    audience=frozenset({"organisation-camden", "loti"}),
    facets={"area": ("marmalade",), "price": ("free",)},
)
CAMDEN = frozenset({"public", "authorities", "organisation-camden"})


@pytest.fixture
def index(index: Index) -> Index:
    index.put([SECRET])
    return index


@pytest.mark.parametrize(
    "typed",
    ["marmalade", "quibbles", "quib", "quibbels", '"quibble arbitration"', "challenge-50", "50"],
)
def test_a_stranger_does_not_find_it_however_it_is_asked_for(index: Index, typed: str) -> None:
    for audience in (PUBLIC, AUTHORITY, frozenset({"organisation-hackney"})):
        assert SECRET.id not in found(index, typed, audience)
    assert found(index, typed, CAMDEN)[0] == SECRET.id


@pytest.mark.parametrize("typed", ["", "neighbours", "marmalade"])
def test_a_stranger_does_not_see_it_counted(index: Index, typed: str) -> None:
    before = find(index, typed, AUTHORITY, facets=("area", "price"))
    index.drop([SECRET.id])
    after = find(index, typed, AUTHORITY, facets=("area", "price"))
    assert before.total == after.total
    assert before.kinds == after.kinds
    assert before.facets == after.facets
    assert "marmalade" not in before.facets["area"]


def test_its_facet_value_is_not_a_way_to_it(index: Index) -> None:
    narrow = {"area": frozenset({"marmalade"})}
    assert find(index, "", AUTHORITY, filters=narrow).total == 0
    assert find(index, "", CAMDEN, filters=narrow).total == 1


def test_a_stranger_is_not_matched_with_it(index: Index) -> None:
    need = "Quibbles about marmalade between neighbours"
    assert SECRET.id not in [one.id for one in match(index, need, AUTHORITY, size=100)]
    assert match(index, need, CAMDEN)[0].id == SECRET.id


def test_a_word_that_only_hidden_documents_have_does_not_stop_a_slip_from_being_forgiven(
    index: Index,
) -> None:
    hidden = frozenset({"organisation-camden"})
    index.put([document("product-60", "Lettingz", audience=hidden)])
    assert found(index, "lettingz", PUBLIC) == ["product-4"]
    assert found(index, "lettingz", CAMDEN)[0] == "product-60"


def test_nobody_in_particular_finds_nothing(index: Index) -> None:
    nobody = find(index, "", frozenset(), facets=("area",))
    assert nobody.total == 0
    assert nobody.kinds == {}
    assert nobody.facets == {"area": {}}


def test_a_document_that_nobody_may_find_is_found_by_nobody(index: Index) -> None:
    index.put([document("product-51", "Unseen", audience=frozenset())])
    assert found(index, "unseen", CAMDEN | {"loti"}) == []


def test_a_narrower_audience_holds_from_the_next_question(index: Index) -> None:
    assert found(index, "mendline") == ["product-3"]
    index.put([document("product-3", "Mendline", audience=frozenset({"authorities"}))])
    assert found(index, "mendline") == []
    assert found(index, "mendline", AUTHORITY) == ["product-3"]


def test_a_word_is_suggested_only_to_whom_a_document_with_it_is_not_hidden(index: Index) -> None:
    assert find(index, "marmelade", CAMDEN).suggestion == "marmalade"
    assert find(index, "marmelade", AUTHORITY).suggestion == ""


def test_a_form_of_a_word_that_only_a_hidden_document_has_is_not_suggested(index: Index) -> None:
    index.put([document("product-61", "Marmalade")])
    index.put([document("product-62", "Marmalades", audience=frozenset({"loti"}))])
    assert find(index, "marmalaades", PUBLIC).suggestion == "marmalade"
    assert find(index, "marmalaades", frozenset({"loti"})).suggestion == "marmalades"


def test_no_range_and_no_sorting_is_a_way_to_it(index: Index) -> None:
    everything = {"at": Range(least=0)}
    for sort in Sort:
        answer = find(index, "", AUTHORITY, sort=sort, ranges=everything, size=100)
        assert SECRET.id not in [hit.id for hit in answer.hits]
        assert answer.total == len(answer.hits)
