"""`banyan analytics rebuild`: the analytics store, filled again from what is kept."""

import sys
import time

from banyan import analytics
from banyan.kernel.errors import Refused
from banyan.kernel.settings import load


def rebuild() -> None:
    """Empty the analytics store and fill it from the events and the kept telemetry.

    The running work process does it; the campaigns go on meanwhile.
    """
    begin = time.monotonic()
    try:
        done = analytics.rebuild(load())
    except Refused as refused:
        print(refused.refusal.text("zh"), refused.refusal.text("en"), sep="\n", file=sys.stderr)
        raise SystemExit(1) from None
    if not done:
        print("还没完成，后台继续进行 · not done yet, it goes on", file=sys.stderr)
        raise SystemExit(1)
    print(f"已重建 · rebuilt ({time.monotonic() - begin:.1f} s)")
