"""Where the post of the demo's organisations goes: of the authorities as it is known, of the
suppliers invented so that nobody takes it for a place. No postcode begins with ZZ.
"""

from collections.abc import Iterable, Mapping

from marketplace.organisations.models import Organisation

TOWN_HALLS = {
    "camden": ("5 Pancras Square", "N1C 4AG"),
    "hackney": ("Hackney Town Hall\nMare Street", "E8 1EA"),
    "islington": ("Islington Town Hall\nUpper Street", "N1 2UD"),
    "southwark": ("160 Tooley Street", "SE1 2QH"),
}


def locate(organisations: Mapping[str, Organisation], suppliers: Iterable[str]) -> None:
    """Gives these their addresses, by slug; the other authorities enter their own."""
    for slug, (street, postcode) in TOWN_HALLS.items():
        about = {"street": street, "town": "London", "postcode": postcode}
        organisations[slug].sqlmodel_update(about)
    for number, slug in enumerate(suppliers, 1):
        about = {"street": f"{number} Invented Street", "town": "Exampleton"}
        organisations[slug].sqlmodel_update({**about, "postcode": f"ZZ{number} 1ZZ"})
