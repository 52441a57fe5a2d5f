"""A form: F1 tells its keys and what each line takes, nothing typed is lost, neither ahead nor by one Esc."""

from __future__ import annotations

import pytest
from textual.app import App
from textual.events import AppBlur, AppFocus, Key
from textual.widgets import Input, Static

from qunguan.tui.keys import Keys
from qunguan.tui.widgets.dialogs import Field, Form, TextView

KINDS = (("value", "价值"), ("benefit", "[/]利益"))
HINT = "19:30；空着就是当天不定时"


async def saved(values: dict[str, str]) -> None:
    """Nothing to keep."""


def told(app: App[None]) -> str:
    return "\n".join(str(each.content) for each in app.screen.query(Static))


@pytest.mark.parametrize("size", [(120, 40), (80, 24)])
async def test_the_keys_and_what_each_line_takes_are_told_and_the_form_stays(size):
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        fields = [Field("title", "标题"), Field("kind", "类型", choices=KINDS), Field("at", "几点", "20:00", HINT)]
        await app.push_screen(Form("排一条", fields, saved))
        await pilot.press("?", "f1")
        assert isinstance(app.screen, TextView)
        shown = told(app)
        assert "F3" in shown
        assert "价值 / [/]利益" in shown
        assert HINT in shown, "a filled-in line hides its hint"
        await pilot.press("escape")
        assert not app.query(TextView)
        assert app.screen.query_one("#field-title", Input).value == "?", "a question mark can be typed"


async def test_a_form_without_choices_has_no_key_for_them():
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.push_screen(Form("记一笔", [Field("note", "备注")], saved))
        await pilot.press("f1")
        assert isinstance(app.screen, TextView)
        assert "F2" in told(app)
        assert "F3" not in told(app)


async def typed(app: App[None], keys: Keys, text: str) -> None:
    """As the driver hands keys to the app: each carried out before anything that waits in the queue of a widget."""
    for letter in text:
        await keys.in_turn(app, Key(letter, letter))


async def test_what_is_typed_before_a_line_hears_that_it_has_the_keyboard_stays():
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.push_screen(Form("排一条", [Field("kind", "类型"), Field("title", "标题", "旧标题")], saved))
        line, keys = app.screen.query_one("#field-title", Input), Keys()
        app.screen.set_focus(line)
        await typed(app, keys, "第4")
        await pilot.pause()  # now it hears of it
        await typed(app, keys, "次促销")
        assert line.value == "第4次促销", "what stood there is replaced, what was typed is not"


async def test_a_line_goes_on_where_it_was_when_another_window_had_the_keyboard():
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.push_screen(Form("排一条", [Field("kind", "类型"), Field("title", "标题")], saved))
        line, keys = app.screen.query_one("#field-title", Input), Keys()
        app.screen.set_focus(line)
        await typed(app, keys, "第4次")
        app.post_message(AppBlur())
        await pilot.pause()
        assert app.focused is None
        app.post_message(AppFocus())
        await pilot.pause()
        await typed(app, keys, "促销")
        assert line.value == "第4次促销"


async def test_several_lines_that_were_filled_in_are_not_thrown_away_by_one_esc():
    app: App[None] = App()
    async with app.run_test() as pilot:
        fields = [Field("title", "标题"), Field("kind", "类型", "value", choices=KINDS), Field("note", "备注")]
        await app.push_screen(form := Form("排一条", fields, saved))
        form.set_focus(form.query_one("#field-title", Input))
        await pilot.press("a", "enter", "enter", "b", "escape")
        assert app.screen is form
        assert "2" in told(app)
        assert "Esc" in str(form.query_one(".wrong", Static).content)
        await pilot.press("c", "escape")
        assert app.screen is form, "something was typed since: it is asked about anew"
        await pilot.press("escape")
        assert app.screen is not form


async def test_one_line_is_left_by_one_esc():
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.push_screen(form := Form("去哪天", [Field("day", "哪天"), Field("note", "备注", "旧")], saved))
        form.set_focus(form.query_one("#field-day", Input))
        await pilot.press("9", "escape")
        assert app.screen is not form
