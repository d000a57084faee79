"""The cookie that holds a session's token: for this host alone, and out of reach of scripts."""

from starlette.requests import Request
from starlette.responses import Response


def name(secure: bool) -> str:
    """`__Host-` makes a browser refuse it from anywhere but this host, over TLS."""
    return "__Host-session" if secure else "session"


def token(request: Request, secure: bool) -> str:
    return request.cookies.get(name(secure), "")


def hand_out(response: Response, token: str, *, secure: bool, seconds: int) -> None:
    response.set_cookie(
        name(secure),
        token,
        max_age=seconds,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def take_back(response: Response, *, secure: bool) -> None:
    response.delete_cookie(name(secure), path="/", secure=secure, httponly=True, samesite="lax")
