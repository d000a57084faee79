"""How we speak to a mail server: encrypted where that is asked for, and only with the right one."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from uuid import uuid4

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from marketplace.core.times import now
from marketplace.mail.letters import Words, drawn
from marketplace.mail.sending import Nobody, Outbox, Refused, Unreachable, chosen
from marketplace.mail.smtp import Smtp
from marketplace.settings import Misconfigured, Settings, read
from tests.browser_of_pages import HERE
from tests.mail.post import SENDER, Server, ended

LETTER = drawn(Words("Subject", "You get this because.", ("A line",)), uuid4(), "a@b.example", HERE)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for localhost, which nobody vouches for but itself; its file and its key's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=7))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("certificate")
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / "it.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    return folder / "it.pem", folder / "key.pem"


@pytest.fixture
def context(certificate):
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(*certificate)
    return made


@pytest.fixture
def secure(context):
    """A server that takes mail over STARTTLS alone, and only from those who know the password."""
    logins = []

    def authenticate(*args):
        logins.append((args[-1].login, args[-1].password))
        return AuthResult(success=args[-1].password == b"right", handled=False)

    server = Server()
    controller = server.controller(
        tls_context=context,
        require_starttls=True,
        authenticator=authenticate,
        auth_required=True,
        auth_require_tls=True,
    )
    controller.start()
    yield server, logins
    ended(controller)


def url(server, word="right"):
    return f"smtp://us:{word}@127.0.0.1:{server.port}?starttls=1"


def test_a_letter_goes_over_starttls_to_a_server_that_proves_its_name(
    secure, certificate, monkeypatch
):
    server, logins = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    Smtp(url(server), SENDER).send(LETTER)
    assert [one["To"] for one in server.received] == ["a@b.example"]
    assert logins == [(b"us", b"right")]


def test_a_server_that_nobody_vouches_for_gets_neither_password_nor_letter(secure):
    server, logins = secure
    with pytest.raises(Unreachable, match="certificate"):
        Smtp(url(server), SENDER).send(LETTER)
    assert (server.received, logins) == ([], [])


def test_a_wrong_password_is_trouble_with_the_server_not_with_the_letter(
    secure, certificate, monkeypatch
):
    server, _ = secure
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    with pytest.raises(Unreachable, match="535"):
        Smtp(url(server, "wrong"), SENDER).send(LETTER)


def test_a_server_without_encryption_gets_nothing_where_it_is_asked_for(server):
    with pytest.raises(Unreachable, match="STARTTLS"):
        Smtp(f"{server.url}?starttls=1", SENDER).send(LETTER)
    assert server.received == []


def test_a_letter_goes_over_tls_from_the_first_byte(context, certificate, monkeypatch):
    server = Server()
    controller = server.controller(ssl_context=context)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    controller.start()
    try:
        Smtp(f"smtps://127.0.0.1:{server.port}", SENDER).send(LETTER)
        monkeypatch.delenv("SSL_CERT_FILE")
        with pytest.raises(Unreachable, match="certificate"):
            Smtp(f"smtps://127.0.0.1:{server.port}", SENDER).send(LETTER)
    finally:
        ended(controller)
    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("answer", "kind"), [("554 5.7.1 Looks like spam", Refused), ("451 Later", Exception)]
)
def test_what_is_said_after_the_words_counts_too(server, answer, kind):
    server.answer = answer
    with pytest.raises(kind, match=answer[:3]):
        Smtp(server.url, SENDER).send(LETTER)


def test_the_settings_choose_who_sends():
    assert isinstance(chosen(Settings()), Outbox)
    assert isinstance(chosen(Settings(smtp_url="smtp://localhost")), Smtp)
    assert chosen(Settings(notify_key="k", notify_template="t")).name == "GOV.UK Notify"


def test_outside_the_demo_mail_waits_until_somebody_says_how_to_send_it():
    with pytest.raises(Unreachable, match="SMTP_URL"):
        Nobody().send(LETTER)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example.org"),
        ("SMTP_URL", "http://mail.example.org"),
        ("SMTP_URL", "smtp://mail.example.org:many"),
        ("SMTP_URL", "smtp://us:our-password@mail.example.org"),
        ("MAIL_FROM", "LOTI Marketplace"),
        ("NOTIFY_KEY", "a-key-without-a-template"),
    ],
)
def test_what_cannot_send_is_refused_at_the_start_in_one_sentence(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured) as why:
        read()
    assert "\n" not in str(why.value)
    assert "our-password" not in str(why.value)
