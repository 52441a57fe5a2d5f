"""What a file made to hurt may take at most (quality R25): thirty seconds, and 512 MB above what is taken already."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SECONDS, BYTES = 30, 512 << 20


@contextmanager
def hurried() -> Iterator[None]:
    """Fail where the block takes longer, and let no allocation of it succeed beyond that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = Path("/proc/self/statm")
    taken = int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else None
    begun = time.process_time()
    if taken is not None:
        resource.setrlimit(resource.RLIMIT_AS, (taken + BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
    assert time.process_time() - begun < SECONDS
