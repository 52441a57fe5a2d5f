"""What is installed is what was tested: the wheel carries its data, and works without the source tree."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
CARRIED = (
    "presets/pinyin.txt",
    "presets/rules.toml",
    "presets/challenges.toml",
    "presets/sample.db.xz",
    "presets/levels.toml",
    "store/migrations/m0002_growth.sql",
    "tui/styles/app.tcss",
    "locale/zh_CN/qunguan.mo",
    "py.typed",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this tree, built with the backend that is installed here: nothing is fetched."""
    folder = tmp_path_factory.mktemp("wheel")
    pytest.importorskip("hatchling", reason="the build backend is not installed, and nothing may be fetched here")
    code = f"import os, hatchling.build as b; os.chdir({str(ROOT)!r}); print(b.build_wheel({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return folder / done.stdout.strip().splitlines()[-1]


def test_the_wheel_carries_all_its_data_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {f"qunguan/{name}" for name in CARRIED} <= names
    styles = {f"qunguan/{path.relative_to(ROOT / 'src/qunguan')}" for path in ROOT.glob("src/qunguan/tui/styles/*")}
    assert styles <= names
    assert all(name.startswith(("qunguan/", "qunguan-")) for name in names)
    assert not any("__pycache__" in name for name in names)


def test_the_installed_wheel_works(wheel, tmp_path):
    home = tmp_path / "venv"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    site = Path(subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True, text=True, check=True,
    ).stdout.strip())  # fmt: skip
    zipfile.ZipFile(wheel).extractall(site)
    # what it depends on is borrowed as plain folders: the editable install's own .pth file is not read from there
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*arguments: str) -> str:
        return subprocess.run(
            [python, "-m", *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
        ).stdout

    where = subprocess.run(
        [python, "-c", "import qunguan; print(qunguan.__file__)"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert Path(where.strip()).is_relative_to(home)
    path = run("qunguan", "demo", "--no-ui").strip()
    assert '"ok": true' in run("qunguan", "--db", path, "doctor", "--json")
    assert "打卡" in run(
        "qunguan", "--db", path, "--lang", "zh", "checkin", "board", "--challenge", "21天早起", "--text"
    )
