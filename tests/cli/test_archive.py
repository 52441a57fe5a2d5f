"""`qunguan archive` and `unarchive`: everything out and back, from the command line."""

from __future__ import annotations


def test_everything_goes_out_and_comes_back(shell, tmp_path):
    out = shell("archive", tmp_path / "all.zip", "--json").json
    back = shell("unarchive", tmp_path / "all.zip", "--to", tmp_path / "new.db", "--json").json
    assert out["rows"] > 10
    assert {name: back[name] for name in ("tables", "rows", "digest")} == {
        name: out[name] for name in ("tables", "rows", "digest")
    }


def test_an_archive_that_is_there_is_replaced_only_when_that_is_meant(shell, tmp_path):
    target = tmp_path / "all.zip"
    target.write_text("mine")
    assert "--yes" in shell("archive", target).refused()
    assert target.read_text() == "mine"
    assert shell("archive", target, "--yes").code == 0
    assert target.read_bytes().startswith(b"PK")


def test_what_cannot_be_done_is_one_line(shell, tmp_path):
    before = shell.digest()
    assert "no folder" in shell("archive", tmp_path / "gone" / "all.zip").refused()
    (tmp_path / "no.zip").write_text("no")
    assert "no archive" in shell("unarchive", tmp_path / "no.zip", "--to", tmp_path / "new.db").refused()
    assert "no such file" in shell("unarchive", tmp_path / "gone.zip", "--to", tmp_path / "new.db").refused()
    assert shell("archive", tmp_path / "all.zip").code == 0
    assert "already" in shell("unarchive", tmp_path / "all.zip", "--to", shell.db).refused()
    assert shell.digest() == before
