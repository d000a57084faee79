"""Where one can go from every page, by who one is."""

from typing import Any

from auth.actor import Actor, Kind

FOOTER = (
    {"text": "Suppliers", "href": "/suppliers"},
    {"text": "Register of contracts", "href": "/contracts"},
    {"text": "Published notices", "href": "/notices"},
    {"text": "Help", "href": "/help"},
    {"text": "Procurement law and dates", "href": "/law"},
    {"text": "Is this site genuine?", "href": "/genuine"},
    {"text": "Accessibility", "href": "/accessibility"},
    {"text": "Privacy", "href": "/privacy"},
)


def areas(who: Actor, path: str) -> list[dict[str, Any]]:
    """The service navigation: at most six areas, the one that `path` lies in marked active."""
    links = [
        ("Challenges", "/challenges"),
        ("Tenders", "/tenders"),
        ("Products", "/products"),
        ("Standards", "/standards"),
    ]
    if who.kind in (Kind.AUTHORITY, Kind.SUPPLIER):  # LOTI's own stands in its area
        links.append(("Organisation", "/organisation"))
    if who.kind is Kind.LOTI:
        links.append(("Running the service", "/admin"))
    if who.kind is not Kind.PUBLIC:
        links.insert(0, ("Home", "/home"))
    return [
        {"text": text, "href": href, "active": path == href or path.startswith(f"{href}/")}
        for text, href in links
    ]
