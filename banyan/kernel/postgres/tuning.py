"""The server's settings, fit for a small machine and never at the price of an acknowledged row."""

import os
from collections.abc import Mapping
from pathlib import Path

ACCESS = """\
# Written at every start. One door: the private socket, with a password.
local all all scram-sha-256
local replication postgres scram-sha-256
"""

MEGABYTE = 1 << 20


def _memory_bytes() -> int:
    """Return the memory this process may use: the machine's, or its container's if less."""
    most = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(most, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    except (OSError, ValueError):
        return most


def configuration(sockets: Path, extra: Mapping[str, str]) -> str:
    """Return the text of the configuration file; `extra` has the last word.

    Everything a merchant adds to `postgresql.local.conf` in the data directory comes after.
    """
    shared = max(64, min(512, _memory_bytes() // MEGABYTE // 8))
    settings = {
        # The only door.
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "password_encryption": "scram-sha-256",
        "max_connections": "200",
        # An answered request is a durable one.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        # Memory and input/output of a small machine.
        "shared_buffers": f"{shared}MB",
        "effective_cache_size": f"{shared * 3}MB",
        "work_mem": "8MB",
        "maintenance_work_mem": "64MB",
        "io_workers": "2",
        "random_page_cost": "1.1",
        # POSIX shared memory is 64 MB in a plain container, and some systems remove it at log-out.
        "dynamic_shared_memory_type": "mmap",
        # Many small transactions: parallel plans and compilation cost more than they give.
        "max_parallel_workers_per_gather": "0",
        "jit": "off",
        # Few, spread checkpoints; a spike's write-ahead log fits between two of them.
        "wal_buffers": "16MB",
        "min_wal_size": "256MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "checkpoint_completion_target": "0.9",
        # A young log has no files to use again. To fill each new one with zeroes held up everybody
        # who committed for as long as 16 MB take: 85 ms, once a second under load.
        "wal_init_zero": "off",
        # Hot rows (budgets, quests) are updated often: clean up soon. And a young table grows from
        # nothing to thousands of rows in a second: until it is analysed, statements keep the plans
        # that were made for an empty one.
        "autovacuum_naptime": "2s",
        # But a large one is not sampled anew for every tenth that it grows: while a campaign runs
        # that took up to a fifth of the database's time, in pieces that everybody waited for.
        "autovacuum_analyze_scale_factor": "0.5",
        "default_statistics_target": "50",
        "autovacuum_vacuum_scale_factor": "0.05",
        "autovacuum_vacuum_cost_delay": "1ms",
        # Logs hold no personal data: no statements, no parameters, no "Key (…) already exists".
        "log_error_verbosity": "terse",
        "log_min_error_statement": "panic",
        "log_statement": "none",
        "log_parameter_max_length": "0",
        "log_parameter_max_length_on_error": "0",
        "log_line_prefix": "%m [%p] %a ",
        "log_checkpoints": "off",
        "log_timezone": "UTC",
        "timezone": "UTC",
        "lc_messages": "C",
    } | dict(extra)
    lines = [
        f"{name} = '{value.replace(chr(39), chr(39) * 2)}'" for name, value in settings.items()
    ]
    return "\n".join([*lines, "include_if_exists 'postgresql.local.conf'", ""])
