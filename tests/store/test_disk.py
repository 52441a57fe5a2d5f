from __future__ import annotations

import errno
from pathlib import Path

import pytest

from qunguan.store.disk import (
    beside,
    close_to_others,
    private_folder,
    settle,
    settle_new,
    unfinished,
)


def test_an_unfinished_file_leaves_nothing_when_it_is_not_finished(tmp_path):
    folder = tmp_path / "desk"
    assert private_folder(folder)
    assert not private_folder(folder)

    def give_up() -> None:
        with unfinished(folder) as part:
            part.write_text("half")
            beside(part, "-journal").touch()
            raise LookupError

    with pytest.raises(LookupError):
        give_up()
    assert list(folder.iterdir()) == []


def test_a_finished_file_takes_its_place_privately(tmp_path):
    target = tmp_path / "a"
    target.write_text("old")
    with unfinished(tmp_path) as part:
        part.write_text("new")
        settle(part, target)
    assert target.read_text() == "new"
    assert not close_to_others(target)


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_is_never_put_over_one_that_is_there(tmp_path, monkeypatch, links):
    def no_links(*_args: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    target = tmp_path / "a"
    with unfinished(tmp_path) as first, unfinished(tmp_path) as second:
        first.write_text("first")
        second.write_text("second")
        assert settle_new(first, target)
        assert not settle_new(second, target)
    assert target.read_text() == "first"
    assert not list(tmp_path.glob(".qg-*"))
