"""The rules of the architecture, kept by a machine."""

import ast
import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from jinja2 import nodes

from marketplace.app import ROUTERS
from marketplace.core.pages import TEMPLATES, strict
from marketplace.demo import router as demo
from marketplace.policy import VISIBILITY
from marketplace.tables import METADATA, MODULES
from marketplace.verbs import Verb

ROOT = Path(__file__).parents[2]
# What no page does, and why.
WITHOUT_A_ROUTE = {
    Verb.PERSON_WARN: "the clock does it",
    Verb.ALERT_RAISE: "what is new does it",
    Verb.BID_OPEN: "it follows from the opening",
    Verb.CLAIM_LAPSE: "the clock does it",
    Verb.CLAIM_REMIND: "the clock does it",
    Verb.CLAIM_EXPIRE: "the clock does it",
    Verb.CLAIM_REPLACE: "it follows from the decision on a newer claim",
    Verb.FILE_REFUSE: "the scanner's word does it",
    Verb.CONTRACT_PREPARE: "it follows from the confirmation of an award",
    Verb.CONTRACT_REMIND: "the clock does it",
    Verb.TENDER_REMIND: "the clock does it",
    Verb.STANDARD_SUPERSEDE: "publishing the next version does it",
}
# What changes something and is no verb, because nobody is signed in yet, or no longer, and why.
WITHOUT_A_VERB = {
    "demo.sign-in": "begins a session, in the demo alone",
    "sign-out": "ends the session that asks",
    "link.use": "begins a session; what the link was asked for with is link.ask",
    "link.type": "begins a session by the six figures that stand beside the link",
    "account.prove": "renews when the session that asks was proved",
}
# What waits for a provider on the other side, and so is written async.
WAITING = {"sign-in.provider", "sign-in.callback", "sign-out.provider"}
PYTHON = sorted(
    file
    for folder in ("auth", "search", "marketplace", "seed")
    for file in (ROOT / folder).rglob("*.py")
)
SCREENS = sorted(TEMPLATES.rglob("*.html"))
SHARED = {"base.html", "components.html", "pictures.html"}
LONGEST = 400  # lines; a file stays shorter because its contents belong together


def routes() -> Iterator[APIRoute]:
    for router in (*ROUTERS, demo):
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def screen_name(file: Path) -> str:
    return str(file.relative_to(TEMPLATES))


def short(file: Path) -> str:
    return str(file.relative_to(ROOT))


def test_every_changing_route_is_a_verb_and_every_verb_has_one():
    changing = {route.name for route in routes() if route.methods - {"GET", "HEAD"}}
    assert changing - set(WITHOUT_A_VERB) == set(Verb) - set(WITHOUT_A_ROUTE)
    assert set(WITHOUT_A_VERB) <= changing


def test_every_router_is_part_of_the_application():
    """A module that makes one and is forgotten would be pages that nobody finds."""
    answered = {route.endpoint for route in routes()}
    for file in PYTHON:
        if "= APIRouter(" not in file.read_text():
            continue
        made = import_module(".".join(file.relative_to(ROOT).with_suffix("").parts)).router
        own = {route.endpoint for route in made.routes if isinstance(route, APIRoute)}
        assert own, short(file)
        assert own <= answered, short(file)


def test_a_route_has_a_name_of_its_own():
    """A page and what it sends may share one; otherwise what is filled in tells them apart."""
    names = [
        (route.name, tuple(sorted(route.methods)), tuple(sorted(route.param_convertors)))
        for route in routes()
    ]
    assert len(names) == len(set(names))
    assert len(names) > 20


def test_handlers_are_plain_functions():
    waiting = {r.name for r in routes() if inspect.iscoroutinefunction(r.endpoint)}
    assert waiting <= WAITING


def test_selects_live_in_queries_and_in_the_core():
    for file in PYTHON:
        names = {
            node.func.id
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        allowed = file.name.endswith("queries.py") or "core" in file.parts or "policy" in file.parts
        assert "select" not in names or allowed, short(file)


def test_only_the_door_writes_events():
    for file in PYTHON:
        if file.name not in ("perform.py", "journal.py"):
            text = file.read_text()
            ours = re.search(
                r"from marketplace\.core\.(journal|outbox) import[^)\n]*\bEvent\b", text
            )
            made = r"(?<!threading\.)\bEvent\(" if ours else r"\b(journal|outbox)\.Event\("
            assert not re.search(made, text), f"{short(file)} writes events past the door"


def test_every_table_says_who_may_see_it():
    tables = {
        kind
        for module in MODULES
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if hasattr(kind, "__table__")
    }
    assert {kind.__tablename__ for kind in tables} == set(METADATA.tables)
    assert tables == set(VISIBILITY)


@pytest.mark.parametrize("file", PYTHON, ids=short)
def test_a_module_opens_with_a_sentence_and_stays_short(file):
    text = file.read_text()
    said = ast.get_docstring(ast.parse(text)) or ""
    assert not text.strip() or said.split("\n")[0].rstrip(), short(file)
    generated = "versions" in file.parts
    assert generated or text.count("\n") <= LONGEST, f"{short(file)} is too long"


def test_nothing_is_left_for_later():
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|coming soon|not implemented", re.IGNORECASE)
    for file in [*PYTHON, *SCREENS]:
        assert not later.search(file.read_text()), short(file)


def test_a_template_tests_what_one_may_do_not_which_role_one_has():
    for file in SCREENS:
        assert "actor.roles" not in file.read_text(), screen_name(file)


@pytest.mark.parametrize("file", SCREENS, ids=screen_name)
def test_every_htmx_target_is_a_block(file):
    name, text = screen_name(file), file.read_text()
    if name in SHARED:
        return
    blocks = strict.get_template(name).blocks
    for target in re.findall(r'\btarget="([a-z0-9-]+)"', text):
        assert target.replace("-", "_") in blocks, f"{name}: {target}"


@pytest.mark.parametrize("file", SCREENS, ids=screen_name)
def test_nothing_in_a_template_would_be_evaluated_or_styled_in_place(file):
    text = file.read_text()
    for habit in (
        r"hx-on",
        r"\bjs:",
        r"javascript:",
        r"show:window",
        r"\sstyle=",
        r"<style",
        r"\|\s*safe",
    ):
        assert not re.search(habit, text), f"{screen_name(file)}: {habit}"


@pytest.mark.parametrize("file", SCREENS, ids=screen_name)
def test_a_template_is_drawn_by_somebody(file):
    name = screen_name(file)
    used = any(f'"{name}"' in other.read_text() for other in [*PYTHON, *SCREENS] if other != file)
    assert used, f"{name} is drawn by nobody"


@pytest.mark.parametrize("file", SCREENS, ids=screen_name)
def test_addresses_in_templates_are_routes(file):
    known = {route.name for route in routes()}
    for call in strict.parse(file.read_text()).find_all(nodes.Call):
        first = call.args[0] if call.args else None
        if (
            isinstance(call.node, nodes.Name)
            and call.node.name == "url_for"
            and isinstance(first, nodes.Const)
        ):
            assert first.value in known, f"{screen_name(file)}: {first.value}"


def test_one_word_for_one_thing():
    """Words that the field uses for other things, or that we have a better one for."""
    other = re.compile(r"\b(vendor|vendors|RFP|opportunity|opportunities)\b", re.IGNORECASE)
    for file in [*PYTHON, *SCREENS]:
        if found := other.search(file.read_text()):
            raise AssertionError(f"{short(file)}: {found[0]}")
