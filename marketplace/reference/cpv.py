"""The Common Procurement Vocabulary (2008): what is bought, as eight digits.

The product ships the part that authorities use for technology and services, and every division,
so that any code of the standard has at least the label of something broader. An operator can read
the whole list in; then `know` is told of it.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType

DIVISION = 2  # the digits that name a division, the broadest level
_WRITTEN = re.compile(r"\s*([0-9]{8})(?:-[0-9])?(?=[\s:,;]|$)")


def _shipped() -> dict[str, str]:
    lines = Path(__file__).with_name("cpv.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


SHIPPED: Mapping[str, str] = MappingProxyType(_shipped())
_known = dict(SHIPPED)
LABELS: Mapping[str, str] = MappingProxyType(_known)  # of the codes that can be chosen, in order
_below: dict[str, list[str]] = {}  # by code, those one step below; made when it is needed


def know(read_in: Mapping[str, str]) -> None:
    """Lets these be chosen too, beside those that are shipped."""
    labels = {**SHIPPED, **read_in}
    if labels != _known:
        ordered = {code: labels[code] for code in sorted(labels)}
        _known.clear()
        _known.update(ordered)
        _below.clear()


def label(code: str) -> str:
    """The label of a code; for a code that is not shipped, that of the nearest broader one."""
    return next((LABELS[broader] for broader in _itself_and_broader(code) if broader in LABELS), "")


def parse(text: str) -> str | None:
    """The code in `48000000`, `48000000-8` or `48000000 Software …`; None when there is none.

    The check digit is not checked: the standard publishes it as a list, not as a rule.
    """
    found = _WRITTEN.match(text)
    return found[1] if found and _division(found[1]) in LABELS else None


def codes(typed: Iterable[str]) -> list[str]:
    """The codes in what somebody typed, each once; raises ValueError with a sentence."""
    found = {text: parse(text) for text in typed}
    if wrong := next((text for text, code in found.items() if code is None), None):
        raise ValueError(f"“{wrong[:40]}” is not a CPV code. A code has 8 digits, like 48000000")
    return list(dict.fromkeys(code for code in found.values() if code))


def existing(typed: Iterable[str]) -> list[str]:
    """The codes in what somebody typed, of which each is one to choose; else a ValueError."""
    found = codes(typed)
    if unknown := next((code for code in found if code not in LABELS), None):
        raise ValueError(refusal(unknown))
    return found


def refusal(unknown: str) -> str:
    """Why a code cannot be chosen, and which can."""
    nearest = next(code for code in _itself_and_broader(unknown) if code in LABELS)
    return (
        f"{unknown} is not among the codes that can be used here. "
        f"Use a broader one, like {nearest} {LABELS[nearest]}"
    )


def is_code(text: str) -> bool:
    """Whether this is eight digits within a division that there is."""
    return len(text) == 8 and parse(text) == text


def broader(code: str) -> str:
    """The nearest broader code that is known; nothing above a division."""
    return next((one for one in _itself_and_broader(code)[1:] if one in LABELS and one != code), "")


def with_broader(given: Iterable[str]) -> tuple[str, ...]:
    """These codes and all that they belong to, so that a broad one finds what is narrower."""
    return tuple({one: None for code in given for one in (code, *_above(code))})


def _above(code: str) -> list[str]:
    return [one for one in _itself_and_broader(code)[1:] if one in LABELS and one != code]


def narrower(code: str) -> list[str]:
    """The codes one step below; below nothing, the divisions."""
    if not _below:
        for one in LABELS:
            _below.setdefault(broader(one), []).append(one)
    return _below.get(code, [])


def covers(one: str, other: str) -> int:
    """How many leading digits two codes share: 0 in different divisions, 2 in the same, up to 8.

    The zeros that fill a code up to eight digits carry no meaning and are not counted.
    """
    pairs = zip(_significant(one), _significant(other), strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return shared if shared >= DIVISION else 0


def _division(code: str) -> str:
    return code[:DIVISION].ljust(8, "0")


def _significant(code: str) -> str:
    return code[:DIVISION] + code[DIVISION:].rstrip("0")


def _itself_and_broader(code: str) -> list[str]:
    return [code[:digits].ljust(8, "0") for digits in range(8, DIVISION - 1, -1)]
