"""A person types a few words: what every engine must answer."""

from datetime import timedelta

import pytest

from search.port import Index, Number, Range, Sort
from tests.search.documents import (
    AUTHORITY,
    MONDAY,
    PRODUCTS,
    PUBLIC,
    document,
    find,
    found,
    marked,
    plain,
)


def test_a_word_of_the_body_finds_the_document(index: Index) -> None:
    assert found(index, "lettings") == ["product-4"]


def test_other_forms_of_a_word_are_found_too(index: Index) -> None:
    assert found(index, "schedule repair") == ["product-3"]


def test_the_full_name_of_a_product_comes_first(index: Index) -> None:
    assert found(index, "kerbside")[0] == "product-1"
    assert found(index, "Kerbside Trade")[0] == "product-2"
    assert found(index, "Threshold Allocations")[0] == "product-4"


def test_a_name_in_full_comes_before_another_form_of_it(empty: Index) -> None:
    empty.put([document("product-1", "Support System"), document("product-2", "Support Systems")])
    assert found(empty, "support system") == ["product-1", "product-2"]
    assert found(empty, "Support SYSTEMS") == ["product-2", "product-1"]


def test_the_shorter_name_stays_first_when_a_longer_one_says_it_more_often(empty: Index) -> None:
    empty.put(
        [
            document("product-1", "Ledger", "Accounts."),
            document("product-2", "Ledger Ledger Plus", "Ledger. " * 30),
        ]
    )
    assert found(empty, "ledger") == ["product-1", "product-2"]


@pytest.mark.parametrize(
    "typed", ["hosuing", "housng", "houseing", "ousing", "hosuing rep", "repairz"]
)
def test_a_slip_of_the_finger_is_forgiven(index: Index, typed: str) -> None:
    assert found(index, typed)[0] == "product-3"


def test_two_slips_in_a_long_word_are_forgiven(index: Index) -> None:
    assert found(index, "asessmants") == ["product-6"]


def test_a_short_word_must_be_exact(index: Index) -> None:
    assert found(index, "cafo") == []


def test_a_number_must_be_exact(empty: Index) -> None:
    empty.put([document("notice-1", "Notice", "Code 48000000 and 72260000")])
    assert found(empty, "48000000") == ["notice-1"]
    assert found(empty, "48000001") == []


@pytest.mark.parametrize("typed", ["le", "lett", "letti", "lettin", "lettings"])
def test_the_last_word_may_be_unfinished(index: Index, typed: str) -> None:
    assert "product-4" in found(index, typed)


def test_words_before_the_last_are_finished(index: Index) -> None:
    assert found(index, "lett zzzz") == []


def test_any_word_may_match_and_more_words_come_first(index: Index) -> None:
    assert found(index, "trade contracts neighbours")[:2] == ["product-2", "product-5"]


def test_nonsense_finds_nothing(index: Index) -> None:
    nothing = find(index, "qzxv wkjq", facets=("area",))
    assert nothing.hits == ()
    assert nothing.total == 0
    assert nothing.kinds == {}
    assert nothing.facets == {"area": {}}


def test_quoted_words_must_stand_in_a_row(index: Index) -> None:
    assert set(found(index, "commercial waste")) >= {"product-1", "product-2", "challenge-7"}
    assert set(found(index, '"commercial waste"')) == {"product-1", "challenge-7"}


def test_a_quotation_mark_alone_changes_nothing(index: Index) -> None:
    assert found(index, '"kerbside trade') == found(index, "kerbside trade")


def test_an_id_finds_its_document_first(index: Index) -> None:
    assert found(index, "product-4")[0] == "product-4"


def test_accents_and_case_make_no_difference(index: Index) -> None:
    assert found(index, "CAFE zurich") == found(index, "café zürich") == ["product-9"]


def test_words_that_mean_the_same_find_it_without_a_shared_word(index: Index) -> None:
    index.put([document("product-10", "Recruitment of employees")])
    assert found(index, "hiring staff") == ["product-10"]


def test_a_stop_word_alone_is_looked_for(index: Index) -> None:
    assert "product-4" in found(index, "for")


def test_without_words_everything_comes_newest_first(index: Index) -> None:
    everything = find(index, "  ", AUTHORITY)
    assert [hit.id for hit in everything.hits] == [
        document.id for document in sorted(PRODUCTS, key=lambda one: one.at, reverse=True)
    ]
    assert everything.total == len(PRODUCTS)


def test_pages_follow_one_another_and_a_page_beyond_the_end_is_empty(index: Index) -> None:
    pages = [find(index, "", page=page, size=3) for page in (1, 2, 3, 4, 10**9)]
    ids = [hit.id for page in pages for hit in page.hits]
    assert ids == found(index, "")
    assert [len(page.hits) for page in pages] == [3, 3, 2, 0, 0]
    assert {page.total for page in pages} == {8}


def test_kinds_are_counted_as_if_none_was_chosen(index: Index) -> None:
    waste = find(index, "waste", kinds=frozenset({"challenge"}))
    assert [hit.kind for hit in waste.hits] == ["challenge"]
    assert waste.total == 1
    assert waste.kinds == {"product": 2, "challenge": 1}


def test_values_of_a_filter_are_alternatives_and_every_filter_holds(index: Index) -> None:
    housing = {"area": frozenset({"housing-repairs", "housing-allocations"})}
    assert set(found(index, "", filters=housing)) == {"product-3", "product-4"}
    narrow = {"area": frozenset({"waste"}), "price": frozenset({"per-site", "free"})}
    assert found(index, "", filters=narrow) == ["product-1"]
    assert found(index, "", filters={"area": frozenset({"no-such-area"})}) == []
    assert found(index, "", filters={"no-such-facet": frozenset({"waste"})}) == []


def test_a_filter_without_values_leaves_everything(index: Index) -> None:
    assert found(index, "", filters={"area": frozenset()}) == found(index, "")


def test_a_facet_is_counted_without_its_own_filter_but_with_the_others(index: Index) -> None:
    waste = find(
        index,
        "",
        filters={"area": frozenset({"waste"}), "price": frozenset({"fixed-yearly"})},
        facets=("area", "price"),
    )
    assert waste.total == 1
    assert waste.facets["area"] == {"planning": 1, "waste": 1}
    assert waste.facets["price"] == {"per-site": 1, "per-transaction": 1, "fixed-yearly": 1}


def test_facets_count_within_the_kinds_chosen(index: Index) -> None:
    products = find(index, "", kinds=frozenset({"product"}), facets=("area",))
    assert products.facets["area"]["waste"] == 2


def test_an_unknown_facet_counts_nothing(index: Index) -> None:
    assert find(index, "", facets=("colour",)).facets == {"colour": {}}


def test_found_words_are_marked_with_their_forms_and_slips(index: Index) -> None:
    (hit,) = find(index, "hosuing tenant").hits
    assert marked(hit.excerpt) == ["housing", "tenants"]
    assert plain(hit.excerpt) == PRODUCTS[2].body
    assert marked(find(index, "kerbs").hits[0].title) == ["Kerbside"]


def test_an_excerpt_shows_the_place_where_the_words_stand(empty: Index) -> None:
    body = "Opening words. " * 100 + "Here the parking permits are renewed. " + "Closing. " * 100
    empty.put([document("product-1", "Bays", body)])
    excerpt = find(empty, "parking permit").hits[0].excerpt
    assert marked(excerpt) == ["parking", "permits"]
    assert len(plain(excerpt)) < 300
    assert plain(excerpt).startswith("… ")
    assert plain(excerpt).endswith(" …")


def test_a_document_put_again_takes_the_place_of_the_former(index: Index) -> None:
    index.put([document("product-1", "Pavement", "Nothing of the kind.")])
    assert index.count() == len(PRODUCTS)
    assert "product-1" not in found(index, "tailgate")
    assert found(index, "pavement") == ["product-1"]


def test_a_dropped_document_is_gone_and_dropping_it_again_is_no_error(index: Index) -> None:
    index.drop(["product-3", "no-such-id"])
    index.drop(["product-3"])
    assert found(index, "mendline") == []
    assert index.count() == len(PRODUCTS) - 1


def test_a_list_seen_before_shows_what_has_changed_since(index: Index) -> None:
    before = find(index, "")
    assert find(index, "") == before

    index.put([document("product-new", "Newcomer")])
    index.drop(["product-1"])

    ids = {hit.id for hit in find(index, "").hits}
    assert ids == {hit.id for hit in before.hits} - {"product-1"} | {"product-new"}


def test_replacing_leaves_only_what_was_given(index: Index) -> None:
    assert index.replace([document("product-1", "Alone"), document("product-1", "Last")]) == 1
    assert index.count() == 1
    assert found(index, "") == found(index, "last") == ["product-1"]
    assert find(index, "lettings", PUBLIC).total == 0


def test_a_replacement_that_fails_half_way_leaves_the_former_index(index: Index) -> None:
    def breaks_off() -> None:
        yield document("product-1", "Half")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        index.replace(breaks_off())
    assert index.count() == len(PRODUCTS)
    assert found(index, "mendline") == ["product-3"]


def test_an_empty_index_answers(empty: Index) -> None:
    assert empty.count() == 0
    assert find(empty, "", facets=("area",)).total == 0
    assert find(empty, "waste").hits == ()


def test_what_a_document_is_required_to_have_it_must_have_all_of(index: Index) -> None:
    both = {"price": frozenset({"per-transaction", "fixed-yearly"})}
    assert found(index, "", required=both) == ["product-2"]
    answer = find(index, "", required=both, facets=("price",))
    assert answer.facets["price"] == {"per-transaction": 1, "fixed-yearly": 1}
    assert answer.kinds == {"product": 1}
    assert found(index, "", required={"price": frozenset()}) == found(index, "")
    assert found(index, "", required={"price": frozenset({"per-site", "no-such"})}) == []


TENDERS = (
    document("tender-1", "Cleaning", numbers={"closes": MONDAY + timedelta(days=9), "value": 100}),
    document("tender-2", "Cleaning", numbers={"closes": MONDAY + timedelta(days=2), "value": 250}),
    document("tender-3", "Cleaning"),
    document("tender-4", "Cleaning", numbers={"closes": MONDAY + timedelta(days=5)}),
    document("tender-5", "Cleaning"),
)


@pytest.mark.parametrize("typed", ["", "cleaning"])
def test_a_list_may_be_sorted_by_date_or_by_what_closes_soonest(empty: Index, typed: str) -> None:
    empty.replace(TENDERS)
    newest = ["tender-5", "tender-4", "tender-3", "tender-2", "tender-1"]
    assert found(empty, typed, sort=Sort.NEWEST) == newest
    soonest = ["tender-2", "tender-4", "tender-1", "tender-5", "tender-3"]
    assert found(empty, typed, sort=Sort.CLOSING) == soonest
    assert found(empty, typed, sort=Sort.CLOSING, page=2, size=2) == soonest[2:4]


def test_a_list_may_be_sorted_by_name(empty: Index) -> None:
    titles = ("Web accessibility", "Cyber Essentials Plus", "Accessible words", "Cyber Essentials")
    empty.replace(document(f"standard-{place}", title) for place, title in enumerate(titles))
    by_name = ["standard-2", "standard-3", "standard-1", "standard-0"]
    assert found(empty, "", sort=Sort.TITLE) == by_name
    assert found(empty, "", sort=Sort.TITLE, page=2, size=3) == by_name[3:]
    assert found(empty, "cyber", sort=Sort.TITLE) == ["standard-3", "standard-1"]


def test_a_range_leaves_what_lies_within_it_both_ends_included(empty: Index) -> None:
    empty.replace(TENDERS)

    def within(name: str, *ends: Number | None) -> set[str]:
        return set(found(empty, "cleaning", ranges={name: Range(*ends)}))

    assert within("closes", MONDAY + timedelta(days=5)) == {"tender-1", "tender-4"}
    assert within("closes", None, MONDAY + timedelta(days=5)) == {"tender-2", "tender-4"}
    assert within("at", MONDAY + timedelta(days=3), MONDAY + timedelta(days=4)) == {
        "tender-3",
        "tender-4",
    }
    assert within("value", 100, 249.5) == {"tender-1"}
    assert within("value") == {"tender-1", "tender-2"}
    assert within("no-such-number", 1) == set()


def test_an_abbreviation_finds_what_is_written_out_and_the_other_way_round(index: Index) -> None:
    assert found(index, "ASC")[0] == "product-6"
    index.put([document("product-10", "Brokerage for ASC teams")])
    assert set(found(index, "adult social care")[:2]) == {"product-6", "product-10"}


def test_a_synonym_is_marked_as_the_whole_that_it_is(empty: Index) -> None:
    empty.put(
        [document("product-1", "Data", "Collection of data on waste collection by Waste Ltd")]
    )
    (hit,) = find(empty, "bins").hits
    assert marked(hit.excerpt) == ["waste", "collection"]


def test_what_was_typed_counts_for_more_than_what_else_it_is_called(empty: Index) -> None:
    empty.replace(
        [
            document("product-1", "Sensors", "For refuse collection in towns."),
            document("product-2", "Sensors", "For electronic bins in towns."),
            document("product-3", "Sensors", "For electronic doors in towns."),
        ]
    )
    assert found(empty, "bins ") == ["product-2", "product-1"]


def test_a_reference_typed_in_full_comes_first_however_it_is_written(empty: Index) -> None:
    empty.replace(
        document(f"notice-{n}", "Notice", references=(f"ocds-b5fd17-{n:04}", f"CF{n}"))
        for n in range(1, 5)
    )
    for typed in ("ocds-b5fd17-0002", "OCDS b5fd17 0002", "cf2"):
        assert found(empty, typed)[0] == "notice-2", typed
    assert found(empty, "cf22") == []
    empty.drop(["notice-2"])
    assert "notice-2" not in found(empty, "ocds-b5fd17-0002")
    assert found(empty, "cf2") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hosuing repairs", "housing repairs"),
        ("adult soical  CARE", "adult social  CARE"),
        ("lettinsg", "lettings"),
        ("housing repairs", ""),
        ("kerbs", ""),  # it may go on
        ("ASC", ""),
        ("zzzzzzz", ""),
        ("", ""),
    ],
)
def test_words_that_nothing_has_are_put_right_in_a_suggestion(
    index: Index, typed: str, meant: str
) -> None:
    assert find(index, typed).suggestion == meant
