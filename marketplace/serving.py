"""How the web server is started, and whether it can be."""

import socket

from rich.console import Console

from marketplace.settings import Settings


def taken(settings: Settings) -> str:
    """Why nobody can listen at the address, in the system's words; nothing when one can."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as why:
            return why.strerror or str(why)
    return ""


def serve(settings: Settings, workers: int, out: Console) -> None:
    """Serves until it is stopped, and says where."""
    import uvicorn

    from marketplace.organisations.personas import PERSONAS

    address = settings.public_url or f"http://{settings.host}:{settings.port}"
    out.print(f"\nThe LOTI Marketplace is at [bold]{address}[/bold] (Ctrl-C ends it).")
    if settings.demo:
        out.print(f"Sign in at {address}/sign-in as one of: {', '.join(PERSONAS)}.\n")
    uvicorn.run(
        "marketplace.app:create",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=workers,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
