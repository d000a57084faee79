"""CPV codes: read in by an operator, chosen by words, from the tree and by what one wrote."""

import csv
import json
from collections import defaultdict

import pytest

from marketplace.core import db
from marketplace.reference import choosing, codes, cpv
from marketplace.reference.codes_queries import labels

HEAD = "code,check_digit,label_en,level,parent\n"


@pytest.fixture(autouse=True)
def _shipped_again():
    yield
    cpv.know({})
    codes._known.clear()


@pytest.fixture
def run(type_in):
    """An operator's command; what it prints and how it ends."""
    return type_in


# ---- Reading the list in


def test_the_whole_list_is_read_in_and_can_be_chosen_from(run, tmp_path, settings):
    file = tmp_path / "cpv.csv"
    file.write_text(HEAD + '34144000,9,"Special-purpose, motor vehicles",category,34140000\n')
    done = run("import-cpv", file)
    assert done.exit_code == 0, done.output
    assert "1 CPV codes can be chosen" in done.output
    assert cpv.LABELS["34144000"] == "Special-purpose, motor vehicles"
    assert "48000000" in cpv.LABELS  # what is shipped stays
    engine = db.engine(settings.database)
    with db.reading(engine) as session:
        assert dict(labels(session)) == {"34144000": "Special-purpose, motor vehicles"}
        cpv.know({})
        codes._known.clear()
        codes.refresh(session)  # as a server does that was running meanwhile
    engine.dispose()
    assert "34144000" in cpv.LABELS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "It cannot be read: No such file or directory."),
        (b"", "The first line names no column code and no label_en."),
        (b"code,name\n1,x\n", "The first line names no column label_en."),
        (HEAD.encode(), "There is no code in it."),
        (f"{HEAD}4800,1,Software,x,y\n".encode(), "Line 2: “4800” is not a code of eight digits."),
        (f"{HEAD}48000000,1,,x,y\n".encode(), "Line 2: 48000000 has no label"),
        (f"{HEAD}48000000,1,A,x,y\n48000000,1,B,x,y\n".encode(), "48000000 stands there twice."),
        (f"{HEAD}99100000,1,A,x,y\n".encode(), "99100000 belongs to a division that is not"),
        (b"\xff\xfe\x00", "It is no file of comma-separated values in UTF-8."),
        (f'{HEAD}48000000,1,"A\n'.encode(), "It is no file of comma-separated values in UTF-8."),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(run, tmp_path, content, says):
    file = tmp_path / "cpv.csv"
    if content is not None:
        file.write_bytes(content)
    done = run("import-cpv", file)
    assert done.exit_code == 2
    assert says in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert dict(cpv.LABELS) == dict(cpv.SHIPPED)


# ---- Choosing


@pytest.fixture
def draft(make):
    camden = make.authority()
    words = "We need software that plans the rounds of refuse lorries and records missed bins."
    from marketplace.challenges.models import Stage

    return make.author(camden), make.challenge(camden, Stage.DRAFT, need=words, cpv=[])


def offered(seen, kind):
    return [box["value"] for box in seen.select(f"input[id^={kind}-][name=cpv]")]


def test_what_is_written_suggests_codes(browser, draft):
    author, challenge = draft
    seen = browser.as_(author).get(f"/challenges/{challenge.id}/edit/area")
    suggested = offered(seen, "suggested")
    assert any(code.startswith("90") for code in suggested)
    assert len(suggested) <= choosing.SUGGESTED
    assert not seen.select("datalist")


def test_codes_are_found_by_words_with_a_slip_and_by_digits(browser, draft):
    author, challenge = draft
    here = f"/challenges/{challenge.id}/edit/area"
    asked = {"codes": "find", "cpv": ["90511000"]}
    seen = browser.as_(author).get(here, "codes", params=asked | {"codes-find": "refuse colection"})
    assert not seen.select("html, h1")
    assert offered(seen, "code") == ["90511000"]  # chosen before, and still
    assert any(code.startswith("9051") for code in offered(seen, "found"))
    seen = browser.get(here, "codes", params=asked | {"codes-find": "4831"})
    assert all(code.startswith("4831") for code in offered(seen, "found"))
    seen = browser.get(here, "codes", params=asked | {"codes-find": "zzzzzzzz9"})
    assert "No code is found for “zzzzzzzz9”" in seen.text


def test_the_tree_is_walked_without_javascript_and_nothing_is_lost(browser, draft, session):
    author, challenge = draft
    here = f"/challenges/{challenge.id}/edit/area"
    form = {"area": "waste", "cpv": ["90511000"], "codes-under": "48000000"}
    seen = browser.as_(author).post(here, **form)
    assert browser.status == 200
    assert seen.select_one("select[name=area] option[selected], input[name=area][checked]")
    assert offered(seen, "code") == ["90511000"]
    assert "48300000" in offered(seen, "tree")
    session.refresh(challenge)
    assert challenge.typed == {}  # looking saves nothing
    seen = browser.post(here, **(form | {"codes-under": "48300000"}))
    assert "48310000" in offered(seen, "tree")
    assert seen.select_one("#codes-up-48000000")


def test_a_product_s_codes_have_to_exist(browser, make):
    supplier = make.supplier()
    product = make.product(supplier)
    form = {"features": "One", "areas": "waste", "cpv": ["48000001"]}
    seen = browser.as_(make.manager(supplier)).post(f"/products/{product.id}/edit/features", **form)
    assert browser.status == 422
    assert "Use a broader one, like 48000000" in seen.text
    assert offered(seen, "code") == ["48000001"]


def test_only_who_may_edit_may_look(browser, make, draft):
    _, challenge = draft
    for other in (make.author(make.authority()), make.manager(make.supplier())):
        browser.as_(other).post(f"/challenges/{challenge.id}/edit/area", codes="find")
        assert browser.status == 404


@pytest.mark.reference
@pytest.mark.parametrize("whole", [False, True], ids=["shipped", "whole list"])
def test_the_division_a_buyer_chose_is_among_the_first_five(shared, tmp_path, whole):
    """Set D: tenders with the codes that their buyers chose."""
    folder = shared / "data"
    if whole:
        with (folder / "reference/cpv_2008_en.csv").open() as lines:
            cpv.know({row["code"]: row["label_en"] for row in csv.DictReader(lines)})
    asked = json.loads((folder / "benchmark/D_tender_to_cpv.queries.json").read_text())
    chosen = defaultdict(set)
    for line in (folder / "benchmark/D_tender_to_cpv.qrels.tsv").read_text().splitlines():
        query, code, _ = line.split("\t")
        chosen[query].add(code[:2])
    some = [query for query in asked if query in chosen][::4]
    suggesting = choosing.Codes(tmp_path)
    hits = [
        any(code[:2] in chosen[query] for code in suggesting.suggest(asked[query])[:5])
        for query in some
    ]
    suggesting.close()
    assert len(some) > 300
    assert sum(hits) / len(hits) >= 0.6
