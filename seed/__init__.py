"""The world to try the marketplace in."""
