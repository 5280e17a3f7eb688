"""Raw requests from a file, sent by wrk: each once, in order."""

from collections.abc import Sequence
from pathlib import Path

from banyan.app.bench import wrk

SCRIPT = """
local all = {}
local file = io.open("%s", "rb")
local bytes = file:read("*a")
file:close()
for one in bytes:gmatch("(.-)%%z") do all[#all + 1] = one end
local at = 0
function request()
  at = at + 1
  if at > #all then
    if once then wrk.thread:stop() end
    at = 1
  end
  return all[at]
end
"""


def send(
    url: str,
    requests: Sequence[bytes],
    *,
    folder: Path,
    connections: int,
    seconds: float,
    once: bool = True,
) -> wrk.Run:
    """Send `requests` for `seconds`; when they run out, stop (`once`) or begin anew."""
    path = folder / "requests.bin"
    path.write_bytes(b"".join(one + b"\0" for one in requests))
    script = f"local once = {'true' if once else 'false'}\n" + SCRIPT % path
    return wrk.run(url, script=script, folder=folder, connections=connections, seconds=seconds)
