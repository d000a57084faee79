"""How authorities take part, as a map and as a list."""

from marketplace.challenges.models import Level, Stage


def parts(seen) -> dict[str, list[str]]:
    return {
        row.th.text: [cell.text for cell in row.select("td")] for row in seen.select("tbody tr")
    }


def test_the_list_counts_what_is_open_now_by_what_each_authority_does(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    make.authority("Sutton")
    challenge = make.challenge(camden)
    make.challenge(camden, Stage.CLOSED)
    make.challenge(camden, Stage.DRAFT)
    make.commitment(challenge, hackney)
    make.commitment(make.challenge(camden), hackney, Level.WATCHING)

    assert parts(browser.get("/authorities")) == {
        "Camden": ["2", "0", "0"],
        "Hackney": ["0", "1", "1"],
        "Sutton": ["0", "0", "0"],
    }
    assert parts(browser.get("/authorities?challenges=all"))["Camden"] == ["3", "0", "0"]


def test_the_list_can_be_narrowed_to_an_area_of_work_and_drawn_alone(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    make.challenge(camden, area="waste")
    make.challenge(hackney, area="parking")

    seen = browser.get("/authorities?area=parking", target="taking-part")

    assert parts(seen) == {"Camden": ["0", "0", "0"], "Hackney": ["1", "0", "0"]}
    assert "1 authority takes part" in seen.text
    assert not seen.h1
    browser.get("/authorities?area=")
    assert browser.status == 200
    browser.get("/authorities?area=gardens")
    assert browser.status == 404


def test_what_was_withdrawn_no_longer_counts(browser, make):
    camden, hackney = make.authority("Camden"), make.authority("Hackney")
    make.commitment(make.challenge(camden), hackney, stage="withdrawn")

    assert parts(browser.get("/authorities"))["Hackney"] == ["0", "0", "0"]
