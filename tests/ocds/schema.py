"""The release schema of OCDS with its extensions, from the copies beside the project, and as much
of JSON Schema as it uses: nothing is asked of a network.
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

KINDS: Mapping[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
}


class Schema:
    """The schema of a release, merged with the extensions that a package names."""

    def __init__(self, vendor: Path, extensions: list[str]) -> None:
        with ZipFile(vendor / "standard-1__1__5.zip") as standard:
            top = standard.namelist()[0].partition("/")[0]
            self.release = json.loads(standard.read(f"{top}/schema/release-schema.json"))
            self.package = json.loads(standard.read(f"{top}/schema/release-package-schema.json"))
            self.codes = _codes(standard)
        for url in extensions:
            owner, repository, version, _ = url.split("/")[3:]
            with ZipFile(vendor / "extensions" / f"{owner}__{repository}__{version}.zip") as found:
                _merge(self.release, json.loads(found.read(_named(found, "release-schema.json"))))
                self.codes |= _codes(found)

    def errors(self, package: Any) -> list[str]:
        outer = {**self.package, "properties": {**self.package["properties"], "releases": {}}}
        found = list(self._errors(package, outer, "package"))
        for number, release in enumerate(package["releases"]):
            found += self._errors(release, self.release, f"releases/{number}")
        return found

    def _errors(self, value: Any, schema: Mapping[str, Any], path: str) -> Iterator[str]:
        if reference := schema.get("$ref"):
            name = reference.rpartition("/")[2]
            schema = self.release["definitions"][name]
        kinds = schema.get("type", [])
        kinds = [kinds] if isinstance(kinds, str) else kinds
        if kinds and not any(_is(value, kind) for kind in kinds):
            yield f"{path}: {value!r} is none of {kinds}"
            return
        if isinstance(value, dict):
            yield from self._of_object(value, schema, path)
        elif isinstance(value, list):
            if len(value) < schema.get("minItems", 0):
                yield f"{path}: is empty"
            for number, one in enumerate(value):
                yield from self._errors(one, schema.get("items", {}), f"{path}/{number}")
        elif isinstance(value, str):
            yield from self._of_text(value, schema, path)
        if (codes := self.codes.get(schema.get("codelist", ""))) and not schema.get("openCodelist"):
            chosen = value if isinstance(value, list) else [value]
            yield from (f"{path}: {one} is no code" for one in chosen if one not in codes)

    def _of_object(
        self, value: Mapping[str, Any], schema: Mapping[str, Any], path: str
    ) -> Iterator[str]:
        known = schema.get("properties")
        for name in schema.get("required", ()):
            if name not in value:
                yield f"{path}: {name} is missing"
        if len(value) < schema.get("minProperties", 0):
            yield f"{path}: is empty"
        for name, one in value.items():
            if known is not None and name not in known:
                yield f"{path}: {name} is a field of no standard"
            yield from self._errors(one, (known or {}).get(name, {}), f"{path}/{name}")

    def _of_text(self, value: str, schema: Mapping[str, Any], path: str) -> Iterator[str]:
        if len(value) < schema.get("minLength", 0):
            yield f"{path}: is empty"
        if schema.get("format") == "date-time":
            try:
                assert datetime.fromisoformat(value).tzinfo
            except (ValueError, AssertionError):
                yield f"{path}: {value} is no moment"
        if schema.get("format") == "uri" and not re.match(r"https?://[^/ ]", value):
            yield f"{path}: {value} is no address"
        if "enum" in schema and value not in schema["enum"]:
            yield f"{path}: {value} is none of {schema['enum']}"


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, KINDS[kind])


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
