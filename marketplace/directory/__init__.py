"""Who takes part: the suppliers and the authorities. This reader changes nothing."""
