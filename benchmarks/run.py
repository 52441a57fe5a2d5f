"""Run every benchmark and print its table: ratios against baselines measured in the same minute.

    python benchmarks/run.py           all of them
    python benchmarks/run.py search    those whose name contains the word

Each benchmark is a script of its own and exits 1 when a bar is missed; so does this one.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
HELPERS = {"run", "terminal", "insights_data"}


def main(words: list[str]) -> int:
    """Run the benchmarks that the words name; returns 1 when any of them missed a bar."""
    missed = []
    for script in sorted(FOLDER.glob("*.py")):
        if script.stem in HELPERS or (words and not any(word in script.stem for word in words)):
            continue
        print(f"== {script.stem}", flush=True)
        done = subprocess.run([sys.executable, str(script)], cwd=FOLDER.parent, check=False)
        if done.returncode:
            missed.append(script.stem)
    print(f"bars missed: {', '.join(missed)}" if missed else "every bar met")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
