"""`qunguan incident report`: Markdown, a page, and a text for the group, in both languages, word for word."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from qunguan.i18n import set_language
from tests.cli.shell import Shell

GOLDEN = Path(__file__).parents[1] / "fixtures" / "incidents"
REVIEW = """# 原因
装箱没有核对，<b>封口</b>|漏了一步
# 影响
12 单，=1+1
# 做得好
说得快
# 做得不好
时间表晚了
# 行动
- 找第二家仓库 | 2026-03-25 | 客服
# 对群里说
漏发的都补到了，谢谢大家愿意等。以后每箱拍照。
"""
AMENDS = "昵称,类型,数值,状态\n阿梨,积分,50,\nCrystal🍀,现金,12.50,已发\n查无此人,积分,5,\n"


@pytest.fixture
def later(monkeypatch):
    return lambda time: monkeypatch.setenv("QUNGUAN_NOW", f"2026-03-20T{time}+08:00")


@pytest.fixture
def done(shell: Shell, tmp_path, later) -> Shell:
    """A bad day that is over: told late once, paid, reviewed, closed."""
    (tmp_path / "review.md").write_text(REVIEW, encoding="utf-8")
    (tmp_path / "amends.csv").write_text(AMENDS, encoding="utf-8")
    shell("incident", "start", "漏发了[十二]单", "--playbook", "delivery")
    later("20:10:00")
    shell(
        "incident",
        "tick",
        "tell",
        "--text",
        "对不起，漏发了。\n<script>alert(1)</script>\n20:30 前再说。",
        "--place",
        "群公告",
    )
    shell("incident", "check", "tell", "sorry")
    later("21:02:10")
    shell("incident", "tick", "time", "--text", "明天中午前补到。", "--place", "群里")
    shell("incident", "role", "service", "小王")
    shell("incident", "compensate", "1", tmp_path / "amends.csv")
    shell("incident", "tick", "trust", "--text", "都补到了。")
    assert shell("incident", "close", "--review-file", tmp_path / "review.md").code == 0
    return shell


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("suffix", [".md", ".html", ".txt"])
def test_the_report_is_as_it_was(done, tmp_path, language, suffix):
    path = tmp_path / f"report{suffix}"
    said = done("--lang", language, "incident", "report", "1", "--to", path, "--json")
    assert said.json == {"incident": 1, "drill": False, "path": str(path), "replaced": False}
    golden = GOLDEN / f"report.{language}{suffix}"
    if os.environ.get("QUNGUAN_GOLDEN"):
        golden.parent.mkdir(exist_ok=True)
        golden.write_bytes(path.read_bytes())
    assert path.read_text(encoding="utf-8") == golden.read_text(encoding="utf-8")


def test_what_the_group_reads_names_nobody_and_fits_a_message(done, tmp_path):
    path = tmp_path / "group.txt"
    assert done("incident", "report", "1", "--to", path).code == 0
    told = path.read_text(encoding="utf-8")
    assert len(told) <= 2000
    assert "漏发的都补到了" in told
    assert "对不起，漏发了。" in told  # what was said, in short
    assert not any(name in told for name in ("阿梨", "Crystal", "小王", "装箱"))


def test_a_report_says_what_it_replaced_and_refuses_other_files(done, tmp_path):
    path = tmp_path / "r.md"
    assert "replaced" not in done("incident", "report", "1", "--to", path).out
    assert "replaced" in done("incident", "report", "1", "--to", path).out
    assert "pdf" in done("incident", "report", "1", "--to", tmp_path / "r.pdf").refused()
    assert "no incident 9" in done("incident", "report", "9", "--to", path).refused()
    done("incident", "report", "1", "--to", tmp_path / "none" / "r.md").refused()


def test_the_report_of_a_drill_says_so_all_over(shell, tmp_path):
    shell("incident", "start", "演习", "--drill")
    for suffix in (".md", ".html", ".txt"):
        path = tmp_path / f"r{suffix}"
        assert shell("--lang", "zh", "incident", "report", "--to", path).code == 0
        assert "演练" in path.read_text(encoding="utf-8")
    set_language(None)
