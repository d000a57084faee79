"""Keys for a Meilisearch server: one for each kind of process, with what it needs and no more."""

from collections.abc import Mapping

from meilisearch import Client

from search.meili.engine import NAME
from search.meili.server import WRITING, Server
from search.meili.settings import KEYS


def make(server: Server) -> Mapping[str, str]:
    """The key of each process, made where there is none yet. Asks with the server's master key."""

    def made(client: Client) -> dict[str, str]:
        known = {key.name: key.key for key in client.get_keys({"limit": 1000}).results}
        return {
            process: known.get(f"{NAME}-{process}") or _create(client, process) for process in KEYS
        }

    with server.within(WRITING) as talk:
        return talk.ask(made)


def _create(client: Client, process: str) -> str:
    asked = {
        "name": f"{NAME}-{process}",
        "description": f"For `{process}` of the marketplace.",
        "actions": list(KEYS[process]),
        "indexes": [f"{NAME}-*"],
        "expiresAt": None,
    }
    return client.create_key(asked).key
