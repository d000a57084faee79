"""How an answer reads that refuses somebody."""

from httpx import Response

from tests.crawl.places import Place

# ---- Looking


def elsewhere(answer: Response) -> bool:
    """Whether somebody was sent to sign in or to join first, whatever it was about."""
    to = answer.headers.get("location", "")
    return answer.status_code == 303 and to.startswith(("/sign-in", "/join", "/account/start"))


def says(place: Place, status: int, how: str) -> str:
    return f"{place.route.method} {place.url} ({place.stage}) {how}: {status}"
