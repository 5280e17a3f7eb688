"""Bench: how fast the house is, as ratios measured in one run, each run ended by an audit.

Owns nothing. `command.bench` starts a house of its own in a scratch home, loads it from this
machine, compares pairs in turn (A B A B …), and counts afterwards that no click, grant or cent
is off. A speed is never a test.
"""

from banyan.app.bench.command import bench

__all__ = ["bench"]
