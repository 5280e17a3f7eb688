"""Banyan (榕): a self-hosted growth platform for private domains."""

__version__ = "0.1.0"
