"""Raw requests from a file, sent by wrk: each once, in order."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from banyan.app.bench import wrk
from banyan.app.bench.audit import AuditError

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


class Beside(NamedTuple):
    """What two servers answered to the same load, round by round."""

    ours: list[float]
    """Answers per second."""
    bare: list[float]
    answered: int
    """By ours, with the round that is not measured."""


def beside(
    ours: str,
    bare: str,
    requests: Sequence[bytes],
    *,
    folder: Path,
    connections: int,
    rounds: int,
    seconds: float,
) -> Beside:
    """Send `requests` again and again to `ours` and `bare` in turn, so that both have one machine.

    A first round warms caches and connections. Raises `AuditError` when a request fails.
    """
    found = Beside([], [], 0)
    for nth in range(rounds + 1):
        for url, kept in ((ours, found.ours), (bare, found.bare)):
            run = send(
                url, requests, folder=folder, connections=connections, seconds=seconds, once=False
            )
            if run.failed:
                msg = f"{run.failed} of {run.requests} requests failed"
                raise AuditError(msg)
            if url == ours:
                found = found._replace(answered=found.answered + run.requests)
            if nth:
                kept.append(run.per_second)
    return found
