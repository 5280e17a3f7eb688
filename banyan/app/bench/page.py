"""What a phone loads first: every script that the participants' page names, gzipped."""

import gzip
import re
from pathlib import Path

SCRIPT = re.compile(r"""(?:src|href)="/h5/(assets/[^"]+\.js)\"""")
IMPORT = re.compile(r"""(?:from|import)\s*"\./([^"]+\.js)\"""")


def first_load_kb(dist: Path) -> float:
    """Return the kilobytes (1,000 bytes) of gzipped script that the first load fetches.

    Follows static imports from the scripts in `index.html`; what is imported on demand does not
    belong to the first load. Raises FileNotFoundError when the page is not built.
    """
    waiting = SCRIPT.findall((dist / "index.html").read_text())
    seen: dict[str, int] = {}
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        source = (dist / name).read_bytes()
        seen[name] = len(gzip.compress(source, 6))
        folder = name.rpartition("/")[0]
        waiting += [f"{folder}/{found}" for found in IMPORT.findall(source.decode())]
    return sum(seen.values()) / 1000
