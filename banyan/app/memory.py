"""Memory: how often a process looks for rings among its objects."""

import gc


def settle() -> None:
    """Keep what is loaded by now for good, and look for rings rarely from now on.

    What a batch makes is gone at its end: to look for rings among thousands of young objects at
    every turn, and through everything that was ever loaded, would take a quarter of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
