"""Style sheets, scripts and images: our own and those of the installed packages, under one flat
address.
"""

import hashlib
import mimetypes
import re
from collections.abc import Mapping
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

OURS = Path(__file__).parents[2] / "templates" / "static"
PACKAGES = {
    "govuk-frontend/dist/govuk": ("govuk-frontend.min.css", "govuk-frontend.min.js"),
    "@ministryofjustice/frontend/moj": ("moj-frontend.min.css",),
    "htmx.org/dist": ("htmx.min.js",),
    "htmx.org/dist/ext": ("hx-sse.min.js",),
}
IMAGES = (
    "govuk-frontend/dist/govuk/assets/images",
    "@ministryofjustice/frontend/moj/assets/images",
)
FONT_FACE = re.compile(rb"@font-face\s*\{[^}]*\}")
ONE_YEAR, ONE_HOUR = "public, max-age=31536000, immutable", "public, max-age=3600"


class Assets:
    """The files that pages may ask for, in memory from the start; nothing else can be reached."""

    def __init__(self, packages: Path) -> None:
        self._files = {name: _read(path) for name, path in _files(packages).items()}
        self._versions = {
            name: hashlib.sha256(content).hexdigest()[:12] for name, content in self._files.items()
        }

    def address(self, name: str) -> str:
        """Where a page finds the file; the address changes whenever the file does."""
        return f"/assets/{name}?v={self._versions[name]}"

    def serve(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in self._files:
            raise HTTPException(404)
        current = request.query_params.get("v") == self._versions[name]
        headers = {"Cache-Control": ONE_YEAR if current else ONE_HOUR}
        kind, _ = mimetypes.guess_type(name)
        return Response(self._files[name], media_type=kind, headers=headers)


def _read(path: Path) -> bytes:
    """The file, without the GDS typeface in a style sheet: it is for GOV.UK's own services."""
    content = path.read_bytes()
    return FONT_FACE.sub(b"", content) if path.suffix == ".css" else content


def _files(packages: Path) -> Mapping[str, Path]:
    found = {
        f"images/{path.name}": path
        for folder in IMAGES
        for path in sorted((packages / folder).glob("*"))
        if path.is_file()
    }
    for folder, names in PACKAGES.items():
        found |= {name: packages / folder / name for name in names}
    found |= {str(p.relative_to(OURS)): p for p in sorted(OURS.rglob("*")) if p.is_file()}
    if missing := [name for name, path in found.items() if not path.is_file()]:
        raise FileNotFoundError(
            f"The front-end packages are not all in {packages}: {', '.join(missing)} is missing."
        )
    return found
