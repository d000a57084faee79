"""Answers to every question of a draft of a standard, as a person types them."""

from typing import Any

from tests.browser_of_pages import Browser

KEY = "WCAG22-AA"
NAME = {"title": "Web accessibility", "key": KEY, "issuer": "W3C", "kind": "technical"}


def rule(number: int = 0, obligation: str = "mandatory", *conditions: str) -> dict[str, Any]:
    """One rule of the builder, as a browser sends it; without conditions, for everything."""
    at = f"rules-{number}-"
    return {
        f"{at}obligation": obligation,
        f"{at}condition": [*conditions, ""],
        f"{at}contract_over": "",
        **({} if conditions else {f"{at}everything": "true"}),
    }


def answers() -> dict[str, dict[str, Any]]:
    """By section, what is typed into its fields."""
    return {
        "about": {**NAME, "link": "https://www.w3.org/TR/WCAG22/"},
        "version": {
            "label": "2.2",
            "summary": "People with disabilities can use what is built to it.",
            "what_changed": "Nine points are new.",
            "issued_on__day": "5",
            "issued_on__month": "10",
            "issued_on__year": "2023",
        },
        "requirements": {
            "requirements-0-title": "Focus is not hidden",
            "requirements-0-code": "2.4.11",
            "requirements-0-guidance": "Press tab.",
            "requirements-0-essential": "true",
            "requirements-1-title": "Targets are large enough",
        },
        "rules": rule(0, "mandatory", "must:user-interface"),
        "evidence": {"evidence": ["report"], "valid_months": "12"},
        "verify": {"verify": "Read the report's scope and date."},
        "clause": {"clause": "The product meets WCAG 2.2 AA, or equivalent."},
    }


def fill_in(browser: Browser, id: object, *but: str) -> None:
    """Answers every section but these."""
    for section, typed in answers().items():
        if section not in but:
            browser.send(f"/standards/{id}/edit/{section}", typed)
            assert browser.status == 200, (section, browser.text)
