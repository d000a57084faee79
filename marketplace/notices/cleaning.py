"""What each kind of value in published data is, and what is made of one that is something else."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import nh3

from marketplace.notices.streaming import windows_1252
from marketplace.reference import cpv

LINE, PROSE, REFERENCE, ADDRESS = 500, 20_000, 200, 2_000  # characters
RAW = 10 * PROSE  # of which markup is taken out: more would only be work
MOST = Decimal(10) ** 12
YEARS = range(1980, 2200)  # outside lie the zero dates that programs write for "none"
UK = ZoneInfo("Europe/London")

Note = tuple[str, str]  # field, reason
Rule = Callable[[object], object]
Shape = dict[str, "Rule | Each | Shape"]


@dataclass(frozen=True, slots=True)
class Each:
    """A list of objects of one shape. Where the standard merges them by id, they get distinct
    ids; where the id refers to something else, it stays."""

    shape: Shape
    refers: bool = False


class Unclean(ValueError):  # noqa: N818 - raised by rules, caught by shaped
    """A sentence saying what is wrong with a value, and what was taken instead, if anything."""

    def __init__(self, reason: str, instead: object = None) -> None:
        super().__init__(reason)
        self.instead = instead


def shaped(given: object, shape: Shape, path: str, notes: list[Note]) -> dict[str, object]:
    """The fields of `shape` that `given` has, cleaned; what could not be kept goes into `notes`.

    An explicit null stays, because in a later release it removes what an earlier one said; that
    of an object goes down to each of its fields, the only place where merging heeds it.
    """
    if not isinstance(given, dict):
        given = _object(given, shape, path, notes)
    kept: dict[str, object] = {}
    for name, rule in shape.items():
        if name in given:
            value = given[name]
            if isinstance(rule, Each):
                clean: object = _each(value, rule, _within(path, name), notes)
            elif isinstance(rule, dict):
                clean = shaped(value, rule, _within(path, name), notes)
            elif value is None:
                clean = None
            else:
                try:
                    clean = rule(value)
                except Unclean as unclean:
                    notes.append((_within(path, name), str(unclean)))
                    clean = unclean.instead
            if clean or value is None:
                kept[name] = clean
    return kept


def _object(given: object, shape: Shape, path: str, notes: list[Note]) -> dict[str, Any]:
    if given is None:
        return dict.fromkeys(shape)
    if isinstance(given, list) and given and isinstance(given[0], dict):
        notes.append((path, "It is a list; the first entry was used."))
        return given[0]
    notes.append((path, "It is not an object with fields, so it was left out."))
    return {}


def _within(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _each(given: object, each: Each, path: str, notes: list[Note]) -> list[dict[str, object]]:
    if given is None:
        return []
    if isinstance(given, dict):
        notes.append((path, "It is one object where a list belongs; it was read as a list of one."))
        given = [given]
    if not isinstance(given, list):
        notes.append((path, "It is not a list, so it was left out."))
        return []
    shape: Shape = {"id": reference, **each.shape}
    entries = []
    ids: set[object] = set()
    for number, entry in enumerate(given):
        where = f"{path}[{number}]"
        if not isinstance(entry, dict):
            notes.append((where, "It is not an object with fields, so it was left out."))
            continue
        clean = shaped(entry, shape, where, notes)
        if not each.refers:
            clean["id"] = _distinct(clean.get("id"), ids, number + 1, where, notes)
        entries.append(clean)
    return entries


def _distinct(
    given: object, ids: set[object], number: int, where: str, notes: list[Note]
) -> object:
    if given and given not in ids:
        ids.add(given)
        return given
    if given:
        notes.append((f"{where}.id", f"“{given}” is used twice in this list; both were kept."))
    else:
        notes.append((f"{where}.id", "There is none; its place in the list was used."))
    made = f"{given or ''}#{number}"
    while made in ids:
        made += "#"
    ids.add(made)
    return made


# ---- text

_MARKUP = re.compile(
    r"<(?:/?[A-Za-z][A-Za-z0-9-]*(?:[\s/][^<>]*)?|!--[^<>]*--|!\[CDATA\[[^<>]*\]\])>"
)
_BREAK = re.compile(r"<(?:br|/?(?:p|div|li|ul|ol|tr|table|h[1-6]))\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_AMPERSAND = re.compile(rf"&(?!{_ENTITY.pattern[1:]})")
_INVISIBLE = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff"
)
_UNSEEN = re.compile(f"[{_INVISIBLE}]")
_UNUSUAL = re.compile(f"[<&\uf780-\uf7ff{_INVISIBLE}]")
_BROKEN = re.compile("[\uf780-\uf7ff]")
_WHOLE = re.compile(r"([0-9]+)\.0+")


def line(value: object) -> str:
    """Plain text on one line."""
    return _cut(value, " ".join(_plain(value).split()), LINE)


def caption(value: object) -> str:
    """As `line`, for what need not be whole: cut without complaint."""
    return " ".join(_plain(value).split())[:LINE]


def prose(value: object) -> str:
    """Plain text of several lines, no two of them blank one after another."""
    lines = (" ".join(row.split()) for row in _plain(value).split("\n"))
    return _cut(value, re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip(), PROSE)


def reference(value: object) -> str:
    """An id: text, or a whole number, also as a spreadsheet would write it (`11.0`)."""
    text = " ".join(_plain(value).split())
    if len(text) > REFERENCE:
        raise Unclean(f"It is longer than {REFERENCE} characters, so it was left out.")
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def words(value: object) -> list[str]:
    """A list of codes, such as tags or roles."""
    if isinstance(value, str):
        raise Unclean(
            "It is text where a list belongs; it was read as a list of one.", [line(value)]
        )
    if not isinstance(value, list):
        raise Unclean("It is not a list, so it was left out.")
    kept = [line(entry) for entry in value if isinstance(entry, str)]
    if len(kept) < len(value):
        raise Unclean("Some entries are not text, so they were left out.", kept)
    return kept


def one_of(*codes: str) -> Rule:
    def rule(value: object) -> str:
        code = line(value)
        if code in codes:
            return code
        if code.lower() in codes:
            return code.lower()
        raise Unclean(f"“{code[:40]}” is not a code of the standard, so it was left out.")

    return rule


def _plain(value: object) -> str:
    if not isinstance(value, str):
        return _digits(value)
    if not _UNUSUAL.search(value):
        return value
    text = windows_1252(value[:RAW])
    for _ in range(3):  # portals escape what was escaped already
        plain = _ENTITY.sub(lambda found: html.unescape(found[0]), _without_markup(text))
        if plain == text:
            break
        text = plain
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _digits(value: object) -> str:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        number = Decimal(value)
        if abs(number.adjusted()) < REFERENCE:  # written out, 1E+9999 would be long
            return f"{number:f}"
    raise Unclean("It is not text, so it was left out.")


def _without_markup(text: str) -> str:
    if not _MARKUP.search(text):
        return text  # a parser of HTML would swallow "under <5 and over" to its end
    text = _BREAK.sub("\n", _AMPERSAND.sub("&amp;", text))
    return html.unescape(nh3.clean(text, tags=set(), clean_content_tags={"script", "style"}))


def _cut(value: object, text: str, most: int) -> str:
    if len(text) > most:
        reason = f"It is longer than {most:,} characters and was cut."
        raise Unclean(reason, text[: most - 1].rstrip() + "…")
    if not isinstance(value, str):
        raise Unclean("It is a number where text belongs; it was read as text.", text)
    if text != value and _BROKEN.search(value):
        raise Unclean("Some letters are not UTF-8; they were read as Windows-1252.", text)
    return text


# ---- dates, money, addresses, codes

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def moment(value: object) -> str:
    """A moment in UTC, in ISO 8601 with microseconds, so that text sorts as time does."""
    return _moment(value, time.min)


def end_moment(value: object) -> str:
    """As `moment`; a bare date means the end of that day."""
    return _moment(value, time(23, 59, 59))


def _moment(value: object, time_of_day: time) -> str:
    text = value.strip() if isinstance(value, str) else ""
    try:
        at = datetime.fromisoformat(text) if _DATE.match(text) else None
    except ValueError:
        at = None
    if at is None:
        raise Unclean("It is not a date, so it was left out.")
    if at.year not in YEARS:
        raise Unclean(f"The year {at.year} cannot be meant, so the date was left out.")
    if at.tzinfo is not None:
        return _utc(at)
    if len(text) == len("2026-01-31"):
        instead = _utc(datetime.combine(at, time_of_day, UK))
        raise Unclean(f"It is a date without a time; {time_of_day} in the UK was used.", instead)
    raise Unclean("It has no time zone; UK time was used.", _utc(at.replace(tzinfo=UK)))


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def amount(value: object) -> str:
    """An amount of money to the penny, as text, because JSON has no exact numbers."""
    number = _number(value)
    if not number.is_finite() or abs(number) > MOST:
        raise Unclean("It is no possible amount of money, so it was left out.")
    if number < 0:
        raise Unclean("It is below zero, so it was left out.")
    exact = str(number.quantize(Decimal("0.01")))
    if isinstance(value, str):
        raise Unclean("It is text where a number belongs; it was read as a number.", exact)
    return exact


def _number(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        raise Unclean("It is not a number, so it was left out.")
    if isinstance(value, str):
        value = value.strip().lstrip("£").replace(",", "")[:40]
    try:
        number = Decimal(value if isinstance(value, (int, Decimal)) else str(value))
    except InvalidOperation:
        raise Unclean("It is not a number, so it was left out.") from None
    if number.is_nan():
        raise Unclean("It is not a number, so it was left out.")
    return number


def currency(value: object) -> str:
    code = line(value).upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise Unclean("It is not a currency code of 3 letters, so it was left out.")
    return code


def address(value: object) -> str | None:
    """A web address that a page may link to: http or https, to a host, with no name in front."""
    text = value.strip() if isinstance(value, str) else None
    if text == "":
        return None
    try:
        parts = urlsplit(text or "")
        fine = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
        _ = parts.port  # raises when it is not a number
    except ValueError:
        fine = False
    if (
        not text
        or not fine
        or len(text) > ADDRESS
        or re.search(r'[\s<>"\\^`{|}\x00-\x1f\x7f]', text)
    ):
        raise Unclean("It is not a web address that can be followed, so it was left out.")
    return text


def own_page(value: object) -> str | None:
    """The page of the release itself, of links as Sell2Wales gives them."""
    links = value if isinstance(value, list) else []
    own = (link for link in links if isinstance(link, dict) and link.get("rel") == "canonical")
    return next((address(link.get("href")) for link in own), None)


def cpv_code(value: object) -> str | None:
    """The code of a classification; None when it is of another scheme than CPV."""
    given = value if isinstance(value, dict) else {"id": value}
    written, scheme = given.get("id"), given.get("scheme")
    if isinstance(scheme, str) and scheme and not scheme.upper().startswith("CPV"):
        return None
    try:
        code = cpv.parse(reference(written))
    except Unclean:
        code = None
    if code is None:
        raise Unclean("It is not a CPV code, so it was left out.")
    return code


def cpv_codes(value: object) -> list[str]:
    """As `cpv_code`, for a list; each code once."""
    given = value if isinstance(value, list) else [value]
    codes: dict[str, None] = {}
    wrong = 0
    for entry in given:
        try:
            code = cpv_code(entry)
        except Unclean:
            wrong += 1
            continue
        if code:
            codes[code] = None
    if wrong:
        reason = f"{wrong} of {len(given)} are not CPV codes, so they were left out."
        raise Unclean(reason, list(codes))
    return list(codes)
