"""The service that does what was put off: it knows every package with jobs, so the kernel need not."""

from banyan import levels, messages
from banyan.app.work_services import Service
from banyan.kernel import jobs
from banyan.kernel.settings import Settings

PACKAGES = (levels, messages)
"""Imported, so that their handlers are known before the first job comes."""


def queue(settings: Settings) -> Service:
    """Return the service that does the jobs of every package."""
    return jobs.worker(settings)
