"""Finding things, and finding what answers a need: this reader changes nothing."""
