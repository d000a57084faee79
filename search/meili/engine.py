"""An `Index` that a Meilisearch server keeps."""

from collections.abc import Callable, Iterable
from functools import partial
from itertools import islice

from meilisearch import Client
from meilisearch.models.task import TaskInfo

from search.meili import matching
from search.meili.documents import kept, key, with_vectors
from search.meili.filling import BATCH, Filling, Lexicons
from search.meili.finding import Finding
from search.meili.server import PATIENCE, TASK, WRITING, Missing, Server, add, delete, understood
from search.meili.settings import version
from search.port import Document, Found, Matched, Need, Question
from search.vectors import Embedder, WordLlama

NAME = "marketplace"


class MeilisearchIndex:
    """One index on a server, named after the version of all that it is set to.

    What words are worth is asked of `lexicon`, as Meilisearch does not tell: of the embedded index,
    which is filled beside it.
    """

    name = "meilisearch"

    def __init__(
        self,
        server: Server,
        lexicon: Lexicons,
        embed: Embedder | None = None,
        name: str = NAME,
        patience: float = PATIENCE,
    ) -> None:
        self._server, self._lexicon, self._patience = server, lexicon, patience
        self._embed = embed or WordLlama()
        self._name = name
        self.uid = f"{name}-{version(self._embed.size, self._embed.name)}"

    def put(self, documents: Iterable[Document]) -> None:
        """Raises Rejected where the server will never take one of them."""
        waiting = iter(documents)
        while batch := list({one.id: one for one in islice(waiting, BATCH)}.values()):
            with self._lexicon() as lexicon:
                sent = with_vectors([(one, kept(one)) for one in batch], self._embed, lexicon)
            self._change(partial(add, uid=self.uid, documents=sent))

    def drop(self, ids: Iterable[str]) -> None:
        waiting = iter(ids)
        while batch := [key(id) for id in islice(waiting, BATCH)]:
            self._change(partial(delete, uid=self.uid, keys=batch))

    def replace(self, documents: Iterable[Document]) -> int:
        """Fills an index beside this one and then puts it in its place. One that was begun and not
        finished goes on: what it already has as it is now is not sent again.
        """
        filling = Filling(self._server, self._name, self.uid, self._embed, self._lexicon)
        return filling.fill(documents)

    def find(self, question: Question) -> Found:
        within = self._server.within(self._patience)
        with within as talk, self._lexicon() as lexicon, understood():
            return Finding(talk, self.uid, self._embed, lexicon).answer(question)

    def match(self, need: Need) -> Matched:
        within = self._server.within(self._patience)
        with within as talk, self._lexicon() as lexicon, understood():
            return Matched(matching.match(talk, self.uid, self._embed, lexicon, need))

    def count(self) -> int:
        try:
            with self._server.within(self._patience) as talk:
                return talk.ask(
                    lambda client: client.index(self.uid).get_stats()
                ).number_of_documents
        except Missing:
            return 0

    def remove(self) -> None:
        """Take the index off the server, where it was made to try something out."""
        with self._server.within(WRITING) as talk:
            talk.done(partial(Client.delete_index, uid=self.uid))

    def close(self) -> None:
        """There is nothing to let go of: every request has a connection of its own."""

    def _change(self, work: Callable[[Client], TaskInfo]) -> None:
        with self._server.within(WRITING) as talk:
            # Adding to an index that is not there would make one without our settings.
            talk.ask(lambda client: client.get_raw_index(self.uid))
            talk.done(work, TASK)
