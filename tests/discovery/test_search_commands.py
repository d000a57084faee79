"""What an operator does about search, and reads when it cannot be done."""

import pytest
from typer.testing import CliRunner

from marketplace.__main__ import cli
from tests.search.meilisearch_double import serving


@pytest.fixture
def server():
    with serving() as server:
        yield server


@pytest.fixture
def type_in(tmp_path, server, monkeypatch):
    """Runs a command as an operator would, with the server's address in the environment."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("MEILI_URL", server.address)
    monkeypatch.setenv("MEILI_API_KEY", server.key)
    return lambda *words, **more: CliRunner().invoke(cli, list(words), **more)


def test_both_engines_are_filled_from_the_database(type_in, server):
    assert type_in("register").exit_code == 0
    answer = type_in("reindex")
    assert answer.exit_code == 0
    assert "documents are in the search index." in answer.output
    [index] = server.indexes
    assert index.startswith("marketplace-")


def test_a_server_that_cannot_be_filled_is_one_sentence(type_in, server):
    server.key = "another"
    answer = type_in("reindex")
    assert answer.exit_code == 2
    assert "Meilisearch refuses the key (invalid_api_key)." in answer.stderr
    assert "goes on from there" in answer.stderr


def test_keys_are_printed_for_whom_they_are(type_in, server):
    answer = type_in("search-keys", input=f"{server.key}\n")
    assert answer.exit_code == 0
    for process, key in zip(("serve", "reindex"), server.keys, strict=True):
        assert f"MEILI_API_KEY for {process}: {key['key']}" in answer.output
    assert type_in("search-keys", input="wrong\n").exit_code == 2


def test_without_a_server_there_are_no_keys_to_make(type_in, monkeypatch):
    monkeypatch.setenv("MEILI_URL", "")
    answer = type_in("search-keys", input="any\n")
    assert answer.exit_code == 2
    assert "Set MEILI_URL" in answer.stderr
