"""The crowd: synthetic and replayed people who use the product through its own HTTP API.

Nothing here reaches into the database. A run ends by comparing what the crowd was answered with
what the merchant's dashboard shows.
"""

from banyan.app.crowd.command import crowd

__all__ = ["crowd"]
