"""The countries of ISO 3166-1, by their codes of two letters, in the order of their names."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

UNITED_KINGDOM = "GB"


def _shipped() -> dict[str, str]:
    lines = Path(__file__).with_name("countries.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t") for line in lines)


NAMES: Mapping[str, str] = MappingProxyType(_shipped())


def known(code: str) -> str:
    """The code itself; ValueError with a sentence where there is no such country."""
    if code not in NAMES:
        raise ValueError("Select the country")
    return code
