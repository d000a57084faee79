"""The release schema of OCDS with its extensions and codelists, from the copies beside the project:
nothing is asked of a network.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from jsonschema import Draft4Validator, FormatChecker, ValidationError
from jsonschema.validators import extend

PROFILE = "https://standard.open-contracting.org/profiles/eu/latest/en/extension.json"


class Schema:
    """The schema of a release, merged with the extensions that a package names."""

    def __init__(self, vendor: Path, extensions: list[str]) -> None:
        with ZipFile(vendor / "standard-1__1__5.zip") as standard:
            top = standard.namelist()[0].partition("/")[0]
            self.release = json.loads(standard.read(f"{top}/schema/release-schema.json"))
            self.package = json.loads(standard.read(f"{top}/schema/release-package-schema.json"))
            self.codes = _codes(standard)
        for url in extensions:
            if url == PROFILE:
                profile = vendor / "eu_profile" / "release-schema.json"
                _merge(self.release, json.loads(profile.read_text(encoding="utf-8")))
                continue
            owner, repository, version, _ = url.split("/")[3:]
            with ZipFile(vendor / "extensions" / f"{owner}__{repository}__{version}.zip") as found:
                _merge(self.release, json.loads(found.read(_named(found, "release-schema.json"))))
                self.codes |= _codes(found)

    def errors(self, package: Any) -> list[str]:
        """What of a package keeps to neither; nothing when it is valid."""
        outer = {**self.package, "properties": {**self.package["properties"], "releases": {}}}
        found = [*self._errors(outer, package)]
        for release in package["releases"]:
            found += self._errors(self.release, release)
        return found

    def _errors(self, schema: Any, value: Any) -> Iterator[str]:
        checks = {"properties": _known, "codelist": self._coded}
        checker: Any = extend(Draft4Validator, checks)
        for error in checker(schema, format_checker=FORMATS).iter_errors(value):
            yield f"{error.json_path}: {error.message}"

    def _coded(
        self, checker: Any, name: str, value: Any, schema: Mapping[str, Any]
    ) -> Iterator[ValidationError]:
        """Only a closed list says no to a code of somebody's own."""
        if schema.get("openCodelist") or (codes := self.codes.get(name)) is None:
            return
        for one in value if isinstance(value, list) else [value]:
            if one not in codes:
                yield ValidationError(f"{one} is no code of {name}")


def _known(
    checker: Any, properties: Mapping[str, Any], value: Any, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """A field of no standard is a mistake in what we publish ourselves."""
    yield from Draft4Validator.VALIDATORS["properties"](checker, properties, value, schema)
    for name in value if isinstance(value, dict) else ():
        if name not in properties:
            yield ValidationError(f"{name} is a field of no standard")


FORMATS = FormatChecker(formats=())


@FORMATS.checks("date-time", raises=ValueError)
def _moment(value: Any) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uri")
def _address(value: Any) -> bool:
    return not isinstance(value, str) or bool(re.match(r"https?://[^/ ]", value))


def _merge(into: dict[str, Any], patch: Mapping[str, Any]) -> None:
    """JSON Merge Patch, as extensions are applied."""
    for name, value in patch.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value


def _named(found: ZipFile, name: str) -> str:
    return min((one for one in found.namelist() if one.endswith(f"/{name}")), key=len)


def _codes(found: ZipFile) -> dict[str, set[str]]:
    """The codes of every list, by its name."""
    lists = (one for one in found.namelist() if "codelists/" in one and one.endswith(".csv"))
    return {
        Path(one).name.lstrip("+"): {
            row.get("Code", "") for row in csv.DictReader(StringIO(found.read(one).decode()))
        }
        for one in lists
    }
