"""wrk, the load generator: one bounded run against this machine, its report as numbers."""

import shutil
import subprocess
from pathlib import Path

import msgspec

from banyan.app.bench import quiet

REPORT = """
function done(summary, latency, requests)
  io.stderr:write(string.format(
    '{"requests":%d,"duration_us":%d,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d,' ..
    '"p50_us":%d,"p99_us":%d}',
    summary.requests, summary.duration, summary.errors.connect, summary.errors.read,
    summary.errors.write, summary.errors.status, summary.errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


class Run(msgspec.Struct):
    """What wrk counted. `status` counts answers other than 2xx and 3xx."""

    requests: int
    duration_us: int
    connect: int
    read: int
    write: int
    status: int
    timeout: int
    p50_us: int
    p99_us: int

    @property
    def per_second(self) -> float:
        """Answers per second."""
        return self.requests / (self.duration_us / 1e6)

    @property
    def failed(self) -> int:
        """Requests that got no answer or an answer that is no success."""
        return self.connect + self.read + self.write + self.status + self.timeout


def is_here() -> bool:
    """Whether wrk is on this machine."""
    return shutil.which("wrk") is not None


def run(url: str, *, script: str, folder: Path, connections: int, seconds: float) -> Run:
    """Load `url` by one thread with `connections` keep-alive connections, once all is quiet.

    `script` is Lua that defines `request()`; `seconds` is how long. Raises CalledProcessError when wrk fails.
    """
    path = folder / "load.lua"
    path.write_text(script + REPORT)
    arguments = ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "10s"]
    quiet.wait()
    done = subprocess.run(  # noqa: S603 - a fixed program with arguments of our own
        [*arguments, "--latency", "-s", str(path), url],
        check=True,
        capture_output=True,
        text=True,
        timeout=seconds + 60,
    )
    return msgspec.json.decode(done.stderr[done.stderr.index("{") :], type=Run)
