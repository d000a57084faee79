"""A link by e-mail: asked for, opened, used once, and of no use to anybody else."""

import pytest

from auth.tokens import Signer
from marketplace.accounts import links
from marketplace.accounts.models import BY_MAIL, Identity, MailLink, SignIn
from marketplace.core.journal import Event
from marketplace.organisations.models import Person, Standing
from marketplace.settings import Settings
from tests.accounts.conftest import VARIES

JO = "jo.bloggs@camden.gov.uk"
OVER = "This link cannot be used"


@pytest.fixture
def jo(make, by_mail):
    """Somebody who gets in by mail, and acts for an authority."""
    actor = make.actor(make.authority("Camden"), name="Jo Bloggs", email=JO)
    by_mail(make.session.get_one(Person, actor.person_id))
    return actor


def ask(browser, email=JO, **more):
    return browser.post("/sign-in/link", email=email, **more)


def h1(seen):
    return seen.select_one("h1").text


# ---- Getting in


def test_asking_says_where_the_link_was_sent_and_asks_for_the_code(visitor, post):
    seen = ask(visitor)

    assert h1(seen) == "Check your e-mail"
    assert JO in seen.main.text
    assert "15 minutes" in seen.main.text
    assert seen.select_one("input[name=code]")["autocomplete"] == "one-time-code"
    assert post.newest().email == JO


def test_the_link_opens_a_page_with_one_button_that_signs_in(visitor, post, jo):
    ask(visitor)
    seen = visitor.get(post.link())

    assert [button.text for button in seen.select("main button")] == ["Sign in"]
    assert not seen.select(".govuk-warning-text")
    seen = visitor.post(post.link())
    assert "Home: Camden" in seen.text
    assert "Jo Bloggs" in seen.header.text


def test_a_scanner_that_opens_the_link_uses_nothing_up(visitor, window, post, jo, rows):
    ask(visitor)
    scanner = window()
    for _ in range(3):
        scanner.get(post.link())
        scanner.client.head(post.link())

    assert post.newest().used_at is None
    assert not rows(SignIn)
    visitor.post(post.link())
    assert "Home: Camden" in visitor.text


def test_a_link_works_once(visitor, window, post, jo):
    ask(visitor)
    visitor.post(post.link())
    thief = window()

    for browser in (thief, visitor):
        for send in (browser.get, browser.post):
            assert h1(send(post.link())) == OVER
            assert browser.status == 404
    assert thief.get("/home").select_one("h1").text == "Sign in"


def test_after_fifteen_minutes_it_is_over(visitor, post, jo, later):
    ask(visitor)
    with later(minutes=14, seconds=50):
        assert h1(visitor.get(post.link())) == "Sign in with this link"
    with later(minutes=15, seconds=1):
        assert h1(visitor.get(post.link())) == OVER
        assert h1(visitor.post(post.link())) == OVER
        assert h1(visitor.get("/sign-in/link/sent")) == "Sign in", "there is nothing to wait for"
    assert post.newest().used_at is None


def test_another_browser_is_told_that_it_was_asked_for_elsewhere(visitor, window, post, jo):
    ask(visitor)
    telephone = window()
    seen = telephone.get(post.link())

    assert "asked for in another browser" in seen.main.text
    assert JO in seen.main.text
    telephone.post(post.link())
    assert "Home: Camden" in telephone.text
    assert visitor.get("/home").select_one("h1").text == "Sign in", "the other one is not signed in"


def test_who_is_signed_in_as_somebody_else_is_told_that_this_ends(
    signed_in, make, post, jo, window
):
    sam = make.actor(make.authority("Hackney"), name="Sam Other")
    browser = signed_in(sam.person_id)
    ask(browser)

    assert "signed in here as Sam Other" in browser.get(post.link()).main.text
    browser.post(post.link())
    assert "Jo Bloggs" in browser.get("/home").header.text


@pytest.mark.parametrize("spoilt", ["x", "a.b", "é", "%00", "W10.abc", "x" * 5000])
def test_what_we_did_not_sign_opens_nothing(visitor, spoilt):
    seen = visitor.post(f"/sign-in/link/{spoilt}")
    assert visitor.status == 404
    assert not seen.select("main form")


def test_a_token_for_another_purpose_or_of_another_key_opens_nothing(visitor, post, jo, settings):
    ask(visitor)
    link = post.newest()
    other = Signer("k" * 40).sign(links.LINK, str(link.id))
    purpose = Signer(settings.secret_key).sign("invitation", str(link.id))
    cut = post.link().rpartition("/")[2][:-1]
    for token in (other, purpose, cut):
        assert h1(visitor.post(f"/sign-in/link/{token}")) == OVER


def test_the_address_is_read_in_small_letters(visitor, post, jo):
    ask(visitor, " Jo.Bloggs@CAMDEN.gov.uk ")
    assert post.newest().email == JO
    visitor.post(post.link())
    assert "Jo Bloggs" in visitor.get("/home").header.text


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "jo",
        "jo@camden",
        "jo @camden.gov.uk",
        "jo@camden.gov.uk\nBcc: x@y.example",
        "<jo@camden.gov.uk>",
        "jo@camden..uk",
        "jo@-camden.uk",
        "ĵo@camden.gov.uk",
        "x" * 300,
    ],
)
def test_what_is_no_address_is_said_at_the_field_and_kept(visitor, typed, post):
    seen = ask(visitor, typed, then="/products")

    assert visitor.status == 422
    assert seen.select_one("#email-error")
    assert seen.select_one("#email")["value"] == typed.replace("\n", "\n")
    assert seen.select_one("input[name=then]")["value"] == "/products"
    assert post.count() == 0


# ---- The six figures


def test_the_code_signs_in_the_browser_that_asked(visitor, post, jo):
    ask(visitor)
    visitor.post("/sign-in/link/sent", code=f" {post.code()[:3]} {post.code()[3:]} ")
    assert "Home: Camden" in visitor.text
    assert h1(visitor.post(post.link())) == OVER, "the link is used up with it"


def test_the_code_is_nothing_in_another_browser(visitor, window, post, jo, rows):
    ask(visitor)
    thief = window()
    assert h1(thief.post("/sign-in/link/sent", code=post.code())) == OVER
    ask(thief, "thief@elsewhere.example")
    older = links.code(post.settings, min(rows(MailLink), key=lambda one: one.created_at))
    assert "is another one" in thief.post("/sign-in/link/sent", code=older).main.text


def test_five_tries_and_no_more(visitor, post, jo):
    ask(visitor)
    right, wrong = post.code(), post.wrong()
    told = [
        visitor.post("/sign-in/link/sent", code=wrong).select_one("#code-error").text.strip()
        for _ in range(5)
    ]

    assert visitor.status == 422
    assert "4 more times" in told[0]
    assert "once more" in told[3]
    assert "too often" in told[4]
    assert "too often" in visitor.post("/sign-in/link/sent", code=right).main.text
    assert post.newest().tries == 5
    visitor.post(post.link())
    assert "Home: Camden" in visitor.text, "whoever reads the mail still gets in"


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666"]
)
def test_what_is_no_code_is_no_try(visitor, post, typed):
    ask(visitor)
    seen = visitor.post("/sign-in/link/sent", code=typed)
    assert visitor.status == 422
    assert seen.select_one("#code")["value"] == typed
    assert post.newest().tries == 0


def test_codes_differ_and_are_not_kept(visitor, post, rows):
    codes = set()
    for number in range(5):
        ask(visitor, f"somebody{number}@camden.gov.uk")
        codes.add(post.code())
    assert len(codes) > 3
    for link in rows(MailLink):
        kept = " ".join(str(value) for value in link.model_dump().values())
        assert not any(code in kept for code in codes)


# ---- Whom it makes known


def test_somebody_new_is_made_known_and_asked_for_their_name(visitor, post, rows):
    ask(visitor, "new.person@camden.gov.uk", then="/products")
    seen = visitor.post(post.link())

    assert h1(seen) == "Your name"
    assert seen.select_one("#name")["value"] == "new.person"
    assert seen.select_one("input[name=then]")["value"] == "/products"
    (person,), (identity,) = rows(Person), rows(Identity)
    assert (identity.issuer, identity.subject) == (BY_MAIL, "new.person@camden.gov.uk")
    assert identity.person_id == person.id
    visitor.post("/account/name", name="Nadia Person", then="/products")
    assert visitor.client.get("/account").text.count("Nadia Person") > 0
    (event,) = rows(Event, verb="identity.add")
    assert event.person_id == person.id
    assert "camden" not in str(event.facts)


def test_whoever_is_known_at_the_address_by_another_way_is_not_joined(visitor, make, post, rows):
    person = make.person("Alex Known", email="Alex@Camden.gov.uk")
    make(
        Identity(
            issuer="https://login.example",
            subject="1",
            title="Microsoft (Camden)",
            person_id=person.id,
        )
    )
    ask(visitor, "alex@camden.gov.uk")
    seen = visitor.post(post.link())

    assert visitor.status == 409
    assert h1(seen) == "You already get in another way"
    assert "Microsoft (Camden)" in seen.main.text
    assert "Alex Known" not in seen.text
    assert not rows(SignIn)
    assert len(rows(Identity)) == 1


@pytest.mark.parametrize("joined", [True, False])
def test_a_suspended_person_gets_the_page_of_a_link_that_cannot_be_used(
    visitor, make, by_mail, post, joined, rows
):
    person = make.person(email="out@camden.gov.uk", stage=Standing.SUSPENDED)
    if joined:
        by_mail(person)
    ask(visitor, "out@camden.gov.uk")

    opened, used = visitor.get(post.link()), visitor.post(post.link())
    assert h1(opened) == h1(used) == OVER
    never = visitor.get("/sign-in/link/never")
    assert VARIES.sub("", str(opened)) == VARIES.sub("", str(never)).replace(
        "/sign-in/link/never", post.link()
    )
    assert not rows(SignIn)


# ---- Nobody learns who is known here


def shape(browser, email):
    """All that asking for a link tells: status, headers and page."""
    answer = browser.client.post(
        "/sign-in/link",
        data={"email": email, "then": ""},
        headers={"Origin": "http://testserver"},
        follow_redirects=False,
    )
    page = browser.get("/sign-in/link/sent")
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("x-request-id", "set-cookie")
    }
    work = len(browser.queries)
    return answer.status_code, headers, VARIES.sub("", str(page)).replace(email, "ADDRESS"), work


def test_the_answer_for_a_known_and_an_unknown_address_is_the_same_to_the_byte(
    window, make, by_mail, jo
):
    provided = make.person(email="alex@camden.gov.uk")
    make(
        Identity(
            issuer="https://login.example", subject="1", title="Microsoft", person_id=provided.id
        )
    )
    out = make.person(email="out@camden.gov.uk", stage=Standing.SUSPENDED)
    by_mail(out)
    told = {
        email: shape(window(), email)
        for email in (JO, "alex@camden.gov.uk", "out@camden.gov.uk", "nobody@camden.gov.uk")
    }
    assert len({repr(one) for one in told.values()}) == 1


def test_the_work_for_a_known_and_an_unknown_address_is_the_same(window, jo):
    def work(email):
        browser = window()
        browser.client.follow_redirects = False
        browser.post("/sign-in/link", email=email)
        return [statement.split("(")[0] for statement in browser.queries]

    assert work(JO) == work("nobody@camden.gov.uk")


def test_the_journal_knows_of_a_link_and_not_of_the_address(visitor, post, rows):
    ask(visitor)
    (event,) = rows(Event, verb="link.ask")
    assert event.subject_id == post.newest().id
    assert event.facts == {}
    assert "camden" not in str(event.model_dump())


# ---- To the page that was asked for


def test_the_page_that_was_asked_for_comes_after_it(visitor, post, jo):
    seen = visitor.get("/sign-in?then=/products%3Fq%3Dbins")
    assert seen.select_one("#asking input[name=then]")["value"] == "/products?q=bins"
    ask(visitor, then="/products?q=bins")
    visitor.client.follow_redirects = False
    visitor.post(post.link())
    assert visitor.headers["location"] == "/products?q=bins"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example"]
)
def test_no_way_in_leads_to_another_site(visitor, post, jo, elsewhere):
    assert "evil" not in str(visitor.get("/sign-in", params={"then": elsewhere}).main)
    ask(visitor, then=elsewhere)
    visitor.client.follow_redirects = False
    visitor.post(post.link())
    assert visitor.headers["location"] == "/home"


def test_a_visitor_who_is_refused_a_page_can_sign_in_and_come_back(visitor):
    seen = visitor.get("/account")
    assert visitor.status == 403
    assert seen.select_one("main a[href='/sign-in?then=/account']")
    assert "Somebody in your organisation" not in seen.main.text


def test_home_leads_a_visitor_to_sign_in_and_back(visitor):
    visitor.client.follow_redirects = False
    visitor.get("/home")
    assert visitor.headers["location"] == "/sign-in?then=%2Fhome"


def test_the_text_of_a_mail_links_to_the_address_that_people_use(settings, make):
    public = Settings(public_url="https://market.example/")
    link = MailLink(email=JO, browser_hash="", expires_at=make.person().created_at)
    assert links.address(public, link).startswith("https://market.example/sign-in/link/")
    assert links.code(public, link) == links.code(settings, link)
    assert len(links.code(settings, link)) == 6
