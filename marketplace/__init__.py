"""The LOTI Marketplace: where London's public authorities buy technology together."""

__version__ = "0.1.0"
