"""The constants of the field: areas of work, price bands and procurement codes."""
