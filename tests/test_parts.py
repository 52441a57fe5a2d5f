"""What killed writers leave behind goes, and nothing else."""

from __future__ import annotations

import os
import time

from qunguan.parts import STALE_SECONDS, sweep


def test_a_sweep_takes_only_our_own_unfinished_files(tmp_path):
    long_ago = time.time() - 2 * STALE_SECONDS
    for name in (".qg-a.part", ".qg-a.part-journal", "thesis.part", ".qg-notes"):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (long_ago, long_ago))
    (tmp_path / ".qg-young.part").touch()
    assert sweep(tmp_path) == 2
    assert (tmp_path / ".qg-young.part").exists(), "another database may be making it this moment"
    assert sweep(tmp_path / "none") == 0
    assert {path.name for path in tmp_path.iterdir()} >= {"thesis.part", ".qg-notes"}
