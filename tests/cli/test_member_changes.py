"""`qunguan member diff | merge | split | duplicates`, `qunguan activity waiting | settle | who`."""

from __future__ import annotations

from tests.cli.shell import Shell


def names(shell: Shell) -> list[str]:
    return [each["name"] for each in shell("member", "list", "--present", "--json").json["members"]]


def test_a_pasted_list_is_compared_taken_over_and_then_agrees(shell: Shell, tmp_path) -> None:
    here = names(shell)
    path = tmp_path / "today.txt"
    path.write_text("\n".join([*here[1:], "新来的"]), encoding="utf-8")
    told = shell("member", "diff", str(path), "--json").json
    assert {"joined", "left", "renamed", "same"} <= told.keys()
    assert [each["name"] for each in told["joined"]] == ["新来的"]
    assert [each["name"] for each in told["left"]] == [here[0]]
    assert len(told["same"]) == len(here) - 1
    assert names(shell) == here
    assert "rehearsal" in shell("member", "diff", str(path), "--apply", "--dry-run").out
    shell("member", "diff", str(path), "--apply", "--only", "left", "--reason", "dull", "--day", "2026-03-18")
    assert sorted(names(shell)) == sorted(here[1:])
    assert "the content was dull" in shell("member", "show", here[0]).out
    shell("member", "diff", str(path), "--apply")
    again = shell("member", "diff", str(path), "--apply", "--json").json
    assert not again["joined"] + again["left"] + again["renamed"]


def test_half_a_list_is_not_taken_over_unasked(shell: Shell, tmp_path) -> None:
    here = names(shell)
    path = tmp_path / "part.txt"
    path.write_text(here[0], encoding="utf-8")
    assert "looks like a part" in shell("member", "diff", str(path), "--apply").refused()
    assert names(shell) == here
    assert shell("member", "diff", str(path), "--only", "gone").code == 1


def test_two_become_one_and_undo_brings_both_back(shell: Shell) -> None:
    here = names(shell)
    done = shell("member", "merge", here[0], here[1], "--reason", "同一个人", "--json").json
    assert done["moved"]["alias"] >= 1
    assert len(names(shell)) == len(here) - 1
    assert shell("undo").code == 0
    assert names(shell) == here
    assert "rehearsal" in shell("member", "merge", here[0], here[1], "--dry-run").out
    assert f"{here[0]} cannot be merged with themselves" in shell("member", "merge", here[0], here[0]).refused()


def test_one_becomes_two(shell: Shell) -> None:
    here = names(shell)
    shell("member", "edit", here[0], "--nick", "另一位")
    done = shell("member", "split", here[0], "--alias", "另一位", "--json").json
    assert (done["name"], done["aliases"]) == ("另一位", ["另一位"])
    assert "另一位" in names(shell)
    assert shell("member", "split", here[0]).code == 1


def test_one_known_by_an_account_alone_is_called_like_the_other(shell: Shell) -> None:
    here = names(shell)
    aliases = shell("member", "show", here[0], "--json").json["aliases"]
    account = next(each["text"] for each in aliases if each["kind"] == "wechat_id")
    assert shell("member", "split", here[0], "--alias", account, "--json").json["name"] == f"{here[0]}（2）"


def test_a_list_with_days_of_leaving_takes_nobody_in(shell: Shell, tmp_path) -> None:
    here = names(shell)
    path = tmp_path / "roster.csv"
    rows = ["群昵称,退群日期", *(f'"{name}",' for name in here[1:]), f"{here[0]},2026-03-15", "早就走了,2026-01-08"]
    path.write_text("\n".join(rows), encoding="utf-8")
    told = shell("member", "diff", str(path), "--apply", "--json").json
    assert (told["listed"], told["joined"]) == (len(here) - 1, [])
    assert [(each["name"], each["row"]) for each in told["left"]] == [(here[0], len(here) + 1)]
    assert sorted(names(shell)) == sorted(here[1:])
    assert "2026-03-15" in shell("member", "show", here[0]).out


def test_likely_pairs_are_listed(shell: Shell) -> None:
    assert shell("member", "duplicates", "--json").json == {"pairs": []}
    here = names(shell)
    shell("member", "add", here[0])
    (pair,) = shell("member", "duplicates", "--json").json["pairs"]
    assert pair["why"] == "name"
    assert "merge KEPT GONE" in shell("member", "duplicates").out


def test_a_speaker_waits_until_the_owner_says_who_it_is(shell: Shell, tmp_path) -> None:
    here = names(shell)
    path = tmp_path / "chat.csv"
    rows = ["who,when", *(f"陌生人,2026-03-{n:02} 10:00" for n in (1, 2, 3))]
    path.write_text("\n".join(rows), encoding="utf-8")
    assert shell("activity", "import", str(path), "--group", "1", "--new", "skip").code == 0
    (waits,) = shell("activity", "waiting", "--json").json["waiting"]
    assert (waits["messages"], waits["first"]) == (3, "2026-03-01")
    assert "not known yet" in shell("activity", "who", str(waits["speaker"])).out
    done = shell("activity", "settle", str(waits["speaker"]), here[2], "--json").json
    assert (done["name"], done["messages"], done["changed"]) == (here[2], 3, True)
    assert shell("activity", "waiting").out.strip() == "Everybody who speaks is known."
    assert shell("activity", "recognise", "--json").json["waiting"] == 0
    assert shell("activity", "settle", "99", "nobody").code == 1
