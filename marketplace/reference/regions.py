"""The parts of the country that an organisation works in."""

from enum import StrEnum


class Region(StrEnum):
    """Where an organisation works; the label is what its profile keeps and says."""

    label: str

    # the default is for type checkers, which take Region("london") for a call of this
    def __new__(cls, slug: str, label: str = "") -> "Region":
        region = str.__new__(cls, slug)
        region._value_ = slug
        region.label = label
        return region

    UK_WIDE = "uk-wide", "UK-wide"
    LONDON = "london", "London"
    SOUTH_EAST = "south-east", "South East"
    SOUTH_WEST = "south-west", "South West"
    EAST_OF_ENGLAND = "east-of-england", "East of England"
    MIDLANDS = "midlands", "Midlands"
    NORTH_EAST = "north-east", "North East"
    NORTH_WEST = "north-west", "North West"
    YORKSHIRE = "yorkshire", "Yorkshire and the Humber"
    WALES = "wales", "Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern-ireland", "Northern Ireland"
