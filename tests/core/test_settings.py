"""Settings: read from the environment, and refused in one sentence when they cannot work."""

from json import dumps
from pathlib import Path

import pytest

from marketplace.settings import DEMO_SECRET, Misconfigured, Settings, read


@pytest.fixture(autouse=True)
def bare(monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_without_any_setting_it_is_the_demo_on_this_machine_alone():
    settings = read()
    assert settings.demo
    assert settings.host == "127.0.0.1"
    assert settings.review
    assert settings.database == f"sqlite:///{Path('var').resolve()}/marketplace.db"
    assert settings.files == f"{Path('var').resolve()}/files"
    assert not settings.secure


def test_every_setting_says_what_it_is_for():
    for name, about in Settings.model_fields.items():
        assert (about.description or "").endswith("."), name


PROVIDER = {
    "slug": "camden",
    "title": "Microsoft (Camden)",
    "issuer": "https://login.example",
    "client_id": "us",
    "client_secret": "a key of ours",
}


@pytest.mark.parametrize("secret", [DEMO_SECRET, "", "x" * 31])
def test_outside_the_demo_the_secret_has_to_be_long_and_ones_own(monkeypatch, secret):
    monkeypatch.setenv("DEMO", "false")
    monkeypatch.setenv("SECRET_KEY", secret)
    with pytest.raises(Misconfigured, match="Set SECRET_KEY to at least 32 characters") as why:
        read()
    assert "\n" not in str(why.value)
    if len(secret) > 5:
        assert secret not in str(why.value)


def test_a_secret_of_ones_own_is_taken(monkeypatch):
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    monkeypatch.setenv("SEAL_KEY", "s" * 32)
    monkeypatch.setenv("OIDC_PROVIDERS", dumps([PROVIDER]))
    assert not read().demo


@pytest.mark.parametrize("key", ["", "s" * 31, "k" * 32])
def test_outside_the_demo_bids_need_a_key_that_is_not_the_secret(monkeypatch, key):
    monkeypatch.setenv("DEMO", "false")
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    monkeypatch.setenv("SEAL_KEY", key)
    with pytest.raises(Misconfigured, match="Set SEAL_KEY to at least 32 characters") as why:
        read()
    assert "\n" not in str(why.value)


@pytest.mark.parametrize("given", ["", "[]", "{}", "nonsense", dumps([PROVIDER | {"issuer": 1}])])
def test_outside_the_demo_somebody_has_to_vouch_for_people(monkeypatch, given):
    monkeypatch.setenv("DEMO", "0")
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    monkeypatch.setenv("SEAL_KEY", "s" * 32)
    monkeypatch.setenv("OIDC_PROVIDERS", given)
    with pytest.raises(Misconfigured, match="OIDC_PROVIDERS") as why:
        read()
    assert "\n" not in str(why.value)


@pytest.mark.parametrize("more", [{"client_secret": ""}, {"private_key": "also a key"}])
def test_a_provider_knows_us_in_one_way(monkeypatch, more):
    monkeypatch.setenv("OIDC_PROVIDERS", dumps([PROVIDER | more]))
    with pytest.raises(Misconfigured, match="client_secret or private_key") as why:
        read()
    assert "a key of ours" not in str(why.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "many"), ("PORT", "70000"), ("DEMO", "perhaps"), ("FILE_LIMIT", "0"), ("REVIEW", "")],
)
def test_a_setting_that_cannot_be_is_named_in_one_sentence(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=f"^{name}: ") as why:
        read()
    assert "\n" not in str(why.value)


def test_the_database_and_the_files_may_lie_elsewhere(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://db/market")
    monkeypatch.setenv("FILES_URL", "s3://bucket/files")
    settings = read()
    assert settings.database == "postgresql+psycopg://db/market"
    assert settings.files == "s3://bucket/files"


@pytest.mark.parametrize(
    ("url", "secure"),
    [("https://market.example", True), ("http://market.example", False), ("", False)],
)
def test_cookies_are_secure_where_people_come_by_https(monkeypatch, url, secure):
    monkeypatch.setenv("PUBLIC_URL", url)
    assert read().secure is secure


@pytest.mark.parametrize("url", ["127.0.0.1:7700", "ftp://search.example", "http://", "http://a:x"])
def test_a_search_server_needs_an_address_that_can_be_asked(monkeypatch, url):
    monkeypatch.setenv("MEILI_URL", url)
    with pytest.raises(Misconfigured, match="Set it to the address of a Meilisearch server"):
        read()
    monkeypatch.setenv("MEILI_URL", "http://search.example:7700/")
    assert read().meili_url == "http://search.example:7700"
