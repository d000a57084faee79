"""The pages of one's own organisation: who acts for it, who can do what, what happened, its
profile.
"""

import pytest

from auth.actor import OFFERED, VISITOR, Actor, Kind, Role
from marketplace import policy
from marketplace.core.times import day, now
from marketplace.organisations.models import Person, Standing
from marketplace.people import abilities, actions
from marketplace.people.models import JoinRequest
from marketplace.people.telling import TITLES
from marketplace.policy import ASKING, OWN_NEWS
from marketplace.rules import Rules, supplier
from marketplace.verbs import Verb


def listed(seen):
    """Who stands in the list of people, with what it says of each."""
    return [
        [item.h3.get_text(), *(said.get_text() for said in item.select("p > *"))]
        for item in seen.select("#people li")
    ]


def cells(seen):
    """The rows of the table of roles as text."""
    return [
        [cell.get_text(strip=True) for cell in row.select("th, td")]
        for row in seen.select("#roles tbody tr")
    ]


# ---- Who acts for it


def test_members_see_each_other(browser, session, tom, amara, camden, member):
    member(tom).person.last_seen_at = now()
    session.commit()
    seen = browser.as_(amara).get("/organisation")
    assert listed(seen) == [
        ["Amara Okafor (you)", "Author", "amara@camden.gov.uk", "Not here yet"],
        ["Tom Whitfield", "Administrator", "tom@camden.gov.uk", f"Last here on {day(now())}"],
    ]
    area = seen.select_one("nav a[href='/organisation']")
    assert area["aria-current"]


def test_nobody_sees_the_people_of_another_organisation(browser, make, tom, hackney):
    browser.as_(make.author(hackney))
    for url in ("/organisation", "/organisation/history", "/organisation/roles"):
        seen = browser.get(url)
        assert "Tom Whitfield" not in seen.text
        assert "tom@camden.gov.uk" not in seen.text


@pytest.mark.parametrize(
    "page", ["", "/history", "/roles", "/profile", "/leave", "/invitations/new"]
)
def test_who_acts_for_nobody_is_led_to_where_one_asks(browser, lena, page):
    answer = browser.as_(lena).client.get(f"/organisation{page}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/join")


def test_two_administrators_are_asked_for(browser, make, camden, tom, amara):
    says = "Camden has one administrator. Have at least two"
    assert says in browser.as_(tom).get("/organisation").main.text
    assert says in browser.as_(amara).get("/organisation").main.text
    make.administrator(camden)
    assert says not in browser.get("/organisation").main.text


def test_without_an_administrator_it_is_said_who_decides(browser, amara):
    seen = browser.as_(amara).get("/organisation").main.text
    assert "Camden has no administrator, so LOTI decides" in seen


def test_a_large_organisation_is_shown_in_pages(browser, make, camden, tom):
    for number in range(60):
        make.actor(camden, name=f"Member {number:02}")
    seen = browser.as_(tom).get("/organisation")
    assert len(listed(seen)) == 50
    later = seen.select_one("a[rel=next]")["href"]
    seen = browser.get(later)
    assert [row[0].split()[0] for row in listed(seen)] == ["Member"] * 10 + ["Tom"]
    assert seen.select_one("a[rel=prev]")["href"] == "/organisation"


def test_the_number_of_queries_does_not_grow_with_the_people(browser, make, camden, tom):
    counts = []
    for total in (2, 30):
        for number in range(total):
            make.actor(camden, Role.AUTHOR, name=f"Member {total} {number}")
            make(JoinRequest(person_id=make.person().id, organisation_id=camden.id))
            browser.as_(tom).post(
                "/organisation/invitations/new", email=f"x{total}-{number}@camden.gov.uk"
            )
        for page in ("/organisation", "/organisation/history"):
            browser.get(page)
            counts.append(len(browser.queries))
    assert counts[:2] == counts[2:]


# ---- Who can do what


@pytest.mark.parametrize("kind", [Kind.AUTHORITY, Kind.SUPPLIER, Kind.LOTI])
def test_every_kind_of_organisation_has_words_for_what_its_roles_allow(kind):
    assert set(abilities.ALLOWS[kind]) == set(OFFERED[kind])
    columns, rows = abilities.table(kind)
    assert columns[0] == "Member"
    assert len(rows) > 5
    assert all(any(row.may) and len(row.may) == len(columns) for row in rows)


def test_the_table_says_what_policy_says(browser, tom):
    seen = browser.as_(tom).get("/organisation/roles")
    heads = [head.text for head in seen.select("#roles thead th")]
    assert heads == [
        "What can be done", "Member", "Author", "Approver", "Evaluator", "Administrator"
    ]  # fmt: skip
    rows = {name: dict(zip(heads[1:], may, strict=True)) for name, *may in cells(seen)}
    assert rows["Start a challenge"] == {
        "Member": "No", "Author": "Yes", "Approver": "No", "Evaluator": "No", "Administrator": "No"
    }  # fmt: skip
    assert rows["Invite somebody"]["Administrator"] == "Yes"
    assert rows["Invite somebody"]["Author"] == "No"
    assert rows["Remove a member"]["Administrator"] == "Yes"
    assert rows["Say that the authority has a need too"]["Approver"] == "Yes"
    assert rows["Read in published notices"]["Member"] == "Yes"
    for absent in ("List a product", "Publish a challenge", "Suspend an organisation"):
        assert absent not in rows, "what nobody here can do is not listed"


def test_a_rule_that_changes_changes_the_table(monkeypatch):
    before = abilities.table(Kind.SUPPLIER)
    relaxed = {**policy.PERMISSIONS, Verb.PRODUCT_PUBLISH: Rules((supplier,))}
    monkeypatch.setattr(policy, "PERMISSIONS", relaxed)
    after = abilities.table(Kind.SUPPLIER)
    assert before != after
    listing = next(row for row in after[1] if row.does == "List a product")
    assert all(listing.may)


def test_what_loti_alone_does_stands_in_its_own_table():
    columns, rows = abilities.table(Kind.LOTI)
    may = {row.does: dict(zip(columns, row.may, strict=True)) for row in rows}
    assert may["Publish a challenge"]["Curator"]
    assert not may["Publish a challenge"]["Administrator"]
    assert may["Suspend an organisation"]["Administrator"]
    assert may["Look with a member's eyes, changing nothing"]["Support"]
    assert not may["Look with a member's eyes, changing nothing"]["Member"]


# ---- History


def test_every_event_about_people_has_a_title():
    assert {*OWN_NEWS, *ASKING} <= set(TITLES)


def test_an_organisation_reads_what_happened_to_its_people(browser, tom, amara, lena, camden):
    browser.as_(lena).post(f"/organisations/{camden.id}/join")
    browser.as_(tom)
    browser.post(f"/organisation/people/{amara.membership_id}/roles", roles=["author", "approver"])
    browser.post("/organisation/invitations/new", email="new@camden.gov.uk", roles=["author"])
    seen = browser.get("/organisation/history")
    told = [
        (
            item.select_one(".moj-timeline__title").text,
            item.select_one(".moj-timeline__byline").text,
            text.text if (text := item.select_one(".moj-timeline__description")) else "",
        )
        for item in seen.select(".moj-timeline__item")
    ]
    assert told == [
        ("Invitation sent", "by Tom Whitfield", "new@camden.gov.uk. Author"),
        (
            "Roles changed",
            "by Tom Whitfield",
            "Amara Okafor. Author before, now author, approver",
        ),
        ("Asked to join", "by Lena Fox", ""),
    ]


def test_who_asks_and_who_is_invited_is_for_administrators(browser, tom, amara, lena, camden):
    browser.as_(lena).post(f"/organisations/{camden.id}/join")
    browser.as_(tom).post("/organisation/invitations/new", email="new@camden.gov.uk")
    seen = browser.as_(amara).get("/organisation/history")
    assert [item.text for item in seen.select(".moj-timeline__title")] == ["Invitation sent"]
    assert "new@camden.gov.uk" not in seen.text
    assert "Lena" not in seen.text


def test_what_loti_did_is_in_the_history_too(browser, make, tom, amara, camden):
    grace = make.actor(make.loti(), Role.SUPPORT, name="Grace Boateng")
    browser.as_(grace)
    browser.client.post(
        f"/organisation/people/{amara.membership_id}/suspend",
        headers={"Origin": "http://testserver"},
        follow_redirects=False,
    )
    seen = browser.as_(tom).get("/organisation/history")
    assert seen.select_one(".moj-timeline__title").text == "Member suspended"
    assert seen.select_one(".moj-timeline__byline").text == "by Grace Boateng, LOTI"


def test_what_nobody_did_by_hand_was_the_marketplace(browser, session, marketplace, tom, camden):
    actions.invite(marketplace.context(session), camden, "x@camden.gov.uk", [])
    session.commit()
    seen = browser.as_(tom).get("/organisation/history")
    assert seen.select_one(".moj-timeline__byline").text == "by the marketplace"


def test_the_history_of_another_organisation_is_not_there(browser, make, tom, amara, hackney):
    browser.as_(tom).post(f"/organisation/people/{amara.membership_id}/roles", roles=["evaluator"])
    seen = browser.as_(make.administrator(hackney)).get("/organisation/history")
    assert "Nothing has changed about the people of Hackney yet." in seen.main.text


def test_a_long_history_is_cut_by_key(browser, tom, amara):
    for turn in range(35):
        roles = ["author"] if turn % 2 else ["evaluator"]
        browser.as_(tom).post(f"/organisation/people/{amara.membership_id}/roles", roles=roles)
    seen = browser.get("/organisation/history")
    assert len(seen.select(".moj-timeline__item")) == 30
    seen = browser.get(seen.select_one("a[rel=next]")["href"])
    assert len(seen.select(".moj-timeline__item")) == 5
    browser.get(f"/organisation/history?after={amara.membership_id}")
    assert browser.status == 404


# ---- The profile


DESCRIBED = {
    "description": "We look after 24,000 homes.",
    "site": "https://www.camden.gov.uk",
    "regions": ["london"],
}


def test_an_administrator_describes_the_organisation(browser, tom, camden, session, happened):
    browser.as_(tom).get("/organisation/profile")
    seen = browser.post("/organisation/profile", **DESCRIBED)
    assert "We look after 24,000 homes." in seen.main.text
    session.refresh(camden)
    assert (camden.site, camden.regions) == ("https://www.camden.gov.uk", ["London"])
    assert len(happened("organisation.describe")) == 1
    seen = browser.get("/organisation/profile")
    assert seen.select_one("textarea").text.strip() == DESCRIBED["description"]
    assert [box["value"] for box in seen.select("[name=regions][checked]")] == ["london"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"site": "camden"}, "Website must be an address, like https://www.example.gov.uk"),
        ({"site": "javascript:alert(1)"}, "Website must be an address"),
        ({"description": "x" * 2001}, "must be 2000 characters or fewer"),
        ({"regions": ["mars"]}, "Select where it works"),
    ],
)
def test_a_wrong_profile_gets_a_sentence_and_is_kept(
    browser, tom, camden, session, wrong, sentence
):
    seen = browser.as_(tom).post("/organisation/profile", **(DESCRIBED | wrong))
    assert browser.status == 422
    assert sentence in seen.select_one(".govuk-error-summary").text
    assert seen.select_one("#site")["value"] == (DESCRIBED | wrong)["site"]
    session.refresh(camden)
    assert camden.description == ""


def test_only_administrators_change_the_profile(browser, amara, session, camden):
    browser.as_(amara).get("/organisation/profile")
    assert browser.status == 403
    browser.post("/organisation/profile", **DESCRIBED)
    assert browser.status == 403
    assert not browser.get("/organisation").select("a[href='/organisation/profile']")


def test_who_looks_with_somebodys_eyes_changes_nothing(browser, make, tom, amara, camden):
    looking = Actor(
        tom.name,
        tom.kind,
        tom.roles,
        tom.person_id,
        tom.organisation_id,
        tom.organisation_name,
        tom.membership_id,
        seen_through="Grace Boateng",
    )
    seen = browser.as_(looking).get("/organisation")
    assert not seen.main.select("a[role=button], form")
    for url in ("leave", "invitations/new", "profile", f"people/{amara.membership_id}/remove"):
        browser.post(f"/organisation/{url}", email="a@b.uk")
        assert browser.status == 403


def test_suspended_members_are_marked(browser, session, tom, amara, member):
    person = session.get_one(Person, amara.person_id)
    person.stage = Standing.SUSPENDED
    session.commit()
    seen = browser.as_(tom).get("/organisation")
    assert listed(seen)[0][:3] == ["Amara Okafor", "Suspended", "Author"]


# ---- Where its post goes


PLACE = {"street": "5 Pancras Square,\n", "town": "London", "postcode": "n1c4ag", "country": "GB"}


def test_the_postal_address_is_kept_as_the_post_writes_it_and_everybody_reads_it(
    browser, tom, camden, session, happened
):
    seen = browser.as_(tom).post("/organisation/profile", **DESCRIBED, **PLACE)
    written = "5 Pancras Square, London, N1C 4AG, United Kingdom"
    assert written in seen.main.text
    assert len(happened("organisation.describe")) == 1
    session.refresh(camden)
    assert (camden.street, camden.postcode) == ("5 Pancras Square", "N1C 4AG")
    assert written in browser.as_(VISITOR).main(f"/authorities/{camden.id}").text
    shown = browser.as_(tom).get("/organisation/profile")
    assert shown.select_one("#country option[selected]")["value"] == "GB"
    abroad = PLACE | {"postcode": "D02 X285", "town": "Dublin", "country": "IE"}
    seen = browser.post("/organisation/profile", **DESCRIBED, **abroad)
    assert "Dublin, D02 X285, Ireland" in seen.main.text


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"postcode": "N1C"}, "postcode", "Enter a full postcode of the United Kingdom"),
        ({"postcode": "1 High Street"}, "postcode", "must be 12 characters or fewer"),
        ({"postcode": ""}, "postcode", "Enter the postcode"),
        ({"town": ""}, "town", "Enter the town or city"),
        ({"street": ""}, "town", "Enter building and street too"),
        ({"street": "", "town": ""}, "postcode", "Enter street and town too"),
        ({"country": "XX"}, "country", "Select the country"),
    ],
)
def test_half_an_address_gets_a_sentence_and_is_kept(
    browser, tom, camden, session, wrong, field, sentence
):
    seen = browser.as_(tom).post("/organisation/profile", **DESCRIBED, **(PLACE | wrong))
    assert browser.status == 422
    assert sentence in seen.select_one(f"#{field}-error").text
    assert seen.select_one("#postcode")["value"] == (PLACE | wrong)["postcode"]
    session.refresh(camden)
    assert camden.description == ""
