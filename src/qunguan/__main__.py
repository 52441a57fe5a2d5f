"""The door: no arguments opens the screens; anything else is the command line."""

from __future__ import annotations

import sys


def main() -> int:
    """Run qunguan and return its exit status: 0 done, 1 the data or the request is wrong, 2 wrong usage."""
    from qunguan.cli.door import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
