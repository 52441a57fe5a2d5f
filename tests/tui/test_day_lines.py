"""Lines of a form that take a day as owners type it, and the line an error is about."""

from __future__ import annotations

from datetime import date

from textual.app import App
from textual.widgets import Input, Static

from qunguan.domain.errors import BadInput
from qunguan.i18n import N_
from qunguan.tui.widgets.dialogs import Field, Form
from tests.tui.waiting import until

FIELDS = [Field("name", "名字"), Field("start", "第一天", day="near"), Field("end", "最后一天", day="next")]


class Calendar(App[None]):
    """An app that has a day."""

    today = date(2026, 11, 22)


def beside(app: App[None], line: str) -> str:
    return str(app.screen.query_one(f"#day-{line}", Static).content)


async def test_a_day_typed_short_is_said_in_full_and_answered_in_full():
    app, got = Calendar(), list[dict[str, str]]()

    async def save(values: dict[str, str]) -> None:
        got.append(values)

    async with app.run_test() as pilot:
        await app.push_screen(Form("打卡营", FIELDS, save))
        await pilot.press("a", "enter", "1", "1", ".", "9")
        await until(pilot, lambda: "2026-11-09" in beside(app, "start"))
        assert beside(app, "start") == "= 2026-11-09 周一"
        await pilot.press("enter", "5", "-", "3", "0")
        await until(pilot, lambda: "2027-05-30" in beside(app, "end"))
        await pilot.press("f2")
        await until(pilot, lambda: got)
    assert got == [{"name": "a", "start": "2026-11-09", "end": "2027-05-30"}]


async def test_the_line_that_is_wrong_has_the_cursor():
    app = Calendar()

    async def save(values: dict[str, str]) -> None:
        raise BadInput(N_("“{value}” is not a whole number"), value=values["name"])

    async with app.run_test() as pilot:
        await app.push_screen(Form("打卡营", FIELDS, save))
        form = app.screen
        form.query_one("#field-name", Input).value = "x"
        form.query_one("#field-start", Input).value = "2-30"
        form.query_one("#field-end", Input).focus()
        await pilot.press("f2")
        await until(pilot, lambda: form.focused is form.query_one("#field-start", Input))
        assert "第一天" in str(form.query_one(".wrong", Static).content)
        form.query_one("#field-start", Input).value = "2026-11-09"
        assert beside(app, "start") == "", "a day in full says itself"
        await pilot.press("f2")
        await until(pilot, lambda: form.focused is form.query_one("#field-name", Input))
