"""Whether the marketplace can answer, for whatever watches over it."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from marketplace import __version__
from search.fallback import engines
from search.port import Index, Unavailable

router = APIRouter()


@router.get("/health", name="health")
def health(request: Request) -> JSONResponse:
    """200 when the database answers, 503 in the same shape when it does not."""
    database, search = _database(request.app.state.engine), _search(request.app.state.index)
    well = database["status"] == "ok"
    return JSONResponse(
        {
            "status": "ok" if well else "unavailable",
            "version": __version__,
            "database": database,
            "search": search,
        },
        status_code=200 if well else 503,
        headers={"Cache-Control": "no-store"},
    )


def _database(engine: Engine) -> dict[str, Any]:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1 FROM organisation LIMIT 1"))
    except SQLAlchemyError:
        return {"engine": engine.dialect.name, "status": "unavailable"}
    return {"engine": engine.dialect.name, "status": "ok"}


def _search(index: Index) -> dict[str, Any]:
    """`basic` says that the preferred engine does not answer, or has to be filled, and that the
    embedded one answers for it.
    """
    documents = _count(index)
    spare, *preferred = engines(index)
    if preferred and not documents and (ready := _count(spare)):
        return {"engine": index.name, "status": "basic", "documents": ready}
    status = "unavailable" if documents is None else "ok"
    return {"engine": index.name, "status": status, "documents": documents}


def _count(index: Index) -> int | None:
    try:
        return index.count()
    except Unavailable:
        return None
