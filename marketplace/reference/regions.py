"""The parts of the country that an organisation works in."""

from marketplace.core.labels import Labelled


class Region(Labelled):
    """Where an organisation works; the label is what its profile keeps and says."""

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
