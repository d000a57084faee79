"""Letting people in, end to end: a borough, a small firm and LOTI, with a real provider of OpenID
Connect, a real mail server and a real browser.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.people import Somebody, somebody
from tests.mail.post import Server, ended, link
from tests.services import free_port, openid_provider, serving
from tests.windows import PATIENCE

pytestmark = pytest.mark.browser

JO = {"sub": "jo", "name": "Jo Bloggs", "email": "jo@camden.gov.uk", "email_verified": True}
GRACE, PAT, SAM, KIM = (
    "grace@loti.london",
    "pat@camden.gov.uk",
    "sam@plumwell.example",
    "kim@plumwell.example",
)
PROVIDER = "Microsoft (Camden)"
COMPANY = {
    "company_name": "PLUMWELL LIMITED",
    "company_number": "04142000",
    "company_status": "active",
    "registered_office_address": {"address_line_1": "12 Wharf Road", "postal_code": "N1 7GR"},
}


class CompaniesHouse(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        known = self.path == "/company/04142000"
        body = json.dumps(COMPANY if known else {}).encode()
        self.send_response(200 if known else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def companies_house() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), CompaniesHouse)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Town:
    """The marketplace outside the demo, and what it needs around it."""

    address: str
    mail: Server
    settings: dict[str, str]
    chrome: Browser
    open: ExitStack

    def somebody(self) -> Somebody:
        one = self.open.enter_context(somebody(self.chrome, self.address))
        one.page.route("**/*.css", lambda route: self._local(route))
        return one

    def _local(self, route) -> None:
        """The provider's pages want a style sheet from far away."""
        if route.request.url.startswith(self.address):
            route.continue_()
        else:
            route.fulfill(body="", content_type="text/css")

    def run(self, *command: str) -> str:
        """What an operator does beside the running server."""
        done = subprocess.run(
            [sys.executable, "-m", "marketplace", *command],
            env=os.environ | self.settings,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def invite(self, who: str, organisation: str, role: str) -> str:
        """The link that an operator gets for somebody."""
        told = self.run("invite", who, organisation, "--role", role)
        return next(line for line in told.splitlines() if line.startswith("http"))

    def letter(self, to: str, about: str) -> EmailMessage:
        """The newest mail to an address whose subject says this, when it has come."""
        deadline = time.monotonic() + PATIENCE / 1000
        while True:
            for mail in reversed(self.mail.received):
                if mail["To"] == to and re.search(about, mail["Subject"], re.IGNORECASE):
                    self.mail.received.remove(mail)
                    return mail
            subjects = [(mail["To"], mail["Subject"]) for mail in self.mail.received]
            assert time.monotonic() < deadline, (to, about, subjects)
            time.sleep(0.05)


@pytest.fixture
def town(chrome: Browser, tmp_path: Path) -> Iterator[Town]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    mail = Server()
    controller = mail.controller()
    with ExitStack() as stack:
        controller.start()
        stack.callback(ended, controller)
        issuer = stack.enter_context(openid_provider(JO))
        provider = {"slug": "camden", "title": PROVIDER, "issuer": issuer}
        settings = {
            "DATA_DIR": str(tmp_path),
            "PORT": str(port),
            "DATABASE_URL": "",
            "DEMO": "false",
            "SECRET_KEY": "known to this test and to nobody else",
            "SEAL_KEY": "another that is known to this test alone",
            "OIDC_PROVIDERS": json.dumps([provider | {"client_id": "us", "client_secret": "ours"}]),
            "SMTP_URL": mail.url,
            "MAIL_FROM": "LOTI Marketplace <post@marketplace.example>",
            "COMPANIES_HOUSE_KEY": "a key",
            "COMPANIES_HOUSE_URL": stack.enter_context(companies_house()),
        }
        town = Town(address, mail, settings, chrome, stack)
        town.run("register")
        command = [sys.executable, "-m", "marketplace", "serve"]
        stack.enter_context(serving(command, address, settings))
        yield town


def by_mail(town: Town, who: Somebody, address: str, name: str) -> None:
    """Signs in, from where one is, with a link to an address that was not here before."""
    who.page.locator("#email").fill(address)
    who.press("Send the link")
    who.reads("Check your e-mail")
    who.go(link(town.letter(address, "sign in")))
    who.press("Sign in")
    who.reads("Your name")
    who.page.locator("#name").fill(name)
    who.press("Save")


def with_provider(who: Somebody, sub: str) -> None:
    who.page.get_by_role("button", name=f"Sign in with {PROVIDER}").click()
    who.page.get_by_placeholder("sub").fill(sub)
    who.page.get_by_role("button", name="Authorize", exact=True).click()
    who.page.wait_for_load_state()


def invited(town: Town, who: Somebody, address: str, name: str, to: str) -> None:
    """Follows the invitation that came by mail, signs in by mail too, and accepts."""
    who.go(link(town.letter(address, "invit")))
    who.reads("Act for")
    who.page.get_by_role("button", name="Sign in to accept").click()
    who.reads("Sign in")
    by_mail(town, who, address, name)
    who.reads("Act for")
    who.press(f"Accept and act for {to}")
    who.reads(f"Home: {to}")


def tick(who: Somebody, *roles: str) -> None:
    for role in roles:
        who.page.locator(f"[name=roles][value={role}]").check()


def answer(who: Somebody, **typed: str) -> None:
    for name, text in typed.items():
        box = who.page.locator(f"[name={name}]").first
        if box.get_attribute("type") in ("radio", "checkbox"):
            who.page.locator(f"[name={name}][value={text}]").check()
        else:
            box.fill(text)
    who.press("Save and continue")


def test_a_borough_a_small_firm_and_loti_are_let_in(town: Town) -> None:
    # LOTI's first administrator is invited by whoever runs the service.
    grace = town.somebody()
    grace.go(town.invite(GRACE, "loti", "administrator"))
    grace.page.get_by_role("button", name="Sign in to accept").click()
    by_mail(town, grace, GRACE, "Grace Boateng")
    grace.press("Accept and act for LOTI")
    grace.reads("Home")

    # An officer of Camden comes with Camden's own account, and asks to join.
    jo = town.somebody()
    jo.go("/sign-in")
    with_provider(jo, "jo")
    jo.reads("What do you want to do?")
    jo.follow("I work for an authority")
    jo.follow("Ask to join London Borough of Camden")
    jo.press("Ask to join Camden")
    expect(jo.page.locator("main")).to_contain_text("LOTI decides")

    # Camden has nobody yet who could decide, so LOTI does, and Jo is told by mail.
    grace.go("/admin/requests")
    grace.follow("Jo Bloggs asks to join Camden")
    tick(grace, "author", "administrator")
    grace.press("Approve")
    jo.go(link(town.letter(str(JO["email"]), "camden")))
    jo.go("/join")
    jo.press("Act for Camden")
    jo.reads("Home: Camden")

    # From here on Camden looks after itself: Jo invites an approver.
    jo.go("/organisation")
    jo.page.get_by_role("button", name="Invite somebody").click()
    jo.page.locator("#email").fill(PAT)
    tick(jo, "approver")
    jo.page.locator("#value_limit").fill("250,000")
    jo.press("Send the invitation")
    pat = town.somebody()
    invited(town, pat, PAT, "Pat Whitfield", "Camden")
    jo.go("/organisation")
    expect(jo.page.locator("#people")).to_contain_text("Pat Whitfield")
    expect(jo.page.locator("#people")).to_contain_text("£250,000")

    # Pat works for Hackney too, and switches; what is Camden's stays with Camden.
    jo.go("/challenges/new")
    jo.page.locator("#title").fill("A secret of Camden's")
    jo.page.locator("main form button.govuk-button").first.click()
    jo.page.wait_for_url(re.compile(r"/challenges/[0-9a-f-]{36}"))
    secret = re.sub(r"/edit.*", "", jo.page.url)
    pat.go(secret)
    expect(pat.page.locator("main")).to_contain_text("A secret of Camden's")
    pat.go(town.invite(PAT, "hackney", "author"))
    pat.press("Accept and act for Hackney")
    pat.reads("Home: Hackney")
    assert pat.page.request.get(secret).status == 404
    pat.go("/account")
    pat.press("Act for Camden")
    pat.reads("Home: Camden")
    assert pat.page.request.get(secret).status == 200

    # A small firm registers from its number at Companies House, and signs the agreement.
    sam = town.somebody()
    sam.go("/sign-in")
    by_mail(town, sam, SAM, "Sam Plum")
    sam.reads("What do you want to do?")
    sam.follow("I work for a supplier")
    sam.press("Start")
    sam.reads("Register a supplier")
    sam.go("/register/company")
    answer(sam, constitution="company", companies_house_number="4142000")
    sam.go("/register/name")
    expect(sam.page.locator("main")).to_contain_text("PLUMWELL LIMITED")
    answer(sam, is_ours="yes")
    sam.go("/register/identifiers")
    answer(sam, vat_number="GB 220 4302 31")
    sam.go("/register/size")
    answer(
        sam,
        staff_under_250="yes",
        turnover_up_to_44m="yes",
        balance_sheet_up_to_38m="yes",
        is_vcse="no",
    )
    sam.go("/register/about")
    answer(sam, trading_name="Plumwell", regions="london", description="Software for orchards.")
    sam.go("/register/contacts")
    answer(
        sam,
        accessibility_role="Head of Design",
        accessibility_email="access@plumwell.example",
        security_role="Security Lead",
        security_email="security@plumwell.example",
    )
    sam.go("/register/check")
    sam.press("Confirm and register")
    sam.go("/organisation/agreement")
    answered = {"has_authority": "yes", "name": "Sam Plum", "position": "Director"}
    for name, text in answered.items():
        box = sam.page.locator(f"[name={name}]").first
        if name == "has_authority":
            sam.page.locator("[name=has_authority][value=yes]").check()
        else:
            box.fill(text)
    sam.page.locator("[name=agrees]").check()
    sam.press("Continue")
    sam.reads("The platform agreement is signed")
    sam.go("/suppliers")
    expect(sam.page.locator("main")).to_contain_text("Plumwell", ignore_case=True)

    # And invites a colleague.
    sam.go("/organisation/invitations/new")
    sam.page.locator("#email").fill(KIM)
    tick(sam, "manager")
    sam.press("Send the invitation")
    kim = town.somebody()
    invited(town, kim, KIM, "Kim Plum", "Plumwell")

    # A session that is ended elsewhere dies at its next request.
    elsewhere = town.somebody()
    elsewhere.go("/sign-in")
    with_provider(elsewhere, "jo")
    elsewhere.reads("Home: Camden")
    jo.go("/account")
    jo.press("End all but this one")
    elsewhere.go("/")
    expect(elsewhere.page.locator("header")).to_contain_text("Sign in")
    jo.go("/home")
    jo.reads("Home: Camden")

    # LOTI suspends the firm, and its people are out at once.
    grace.go("/admin/organisations?q=Plumwell")
    grace.follow("Plumwell")
    grace.page.get_by_role("button", name=re.compile("^Suspend")).click()
    grace.reads("Suspend")
    grace.page.locator("#because").fill("Its insolvency was announced.")
    grace.press("Suspend Plumwell")
    expect(grace.page.locator("main")).to_contain_text("is suspended")
    for one in (sam, kim):
        one.go("/")
        expect(one.page.locator("header")).to_contain_text("Sign in")
    jo.go("/suppliers")
    expect(jo.page.locator("main")).not_to_contain_text("Plumwell", ignore_case=True)
