"""What is a question: the queue of S3-38 wants those a member asked, and not every line with a question mark in it."""

from __future__ import annotations

import re

from qunguan.i18n import N_, _

TEXT_LIMIT = 2000
STATES = {"open": N_("still waits"), "picked": N_("picked"), "answered": N_("answered"), "dropped": N_("dropped")}
"""The message ID of each domain.activity_outcomes.QuestionState."""
_TITLE = 60  # characters of a title made of a question

_LINK = re.compile(r"https?://\S+|www\.\S+", re.IGNORECASE)
_NO_WORDS = re.compile(r"[\W_]+")
_ENDS = re.compile(r"[?？][\s~～!！。.…)）」”\"'\]】]*$|(?:吗|么|嘛|呢)[\s~～!！。.…]*$")
_ASKS = re.compile(
    r"请问|求问|想问|问一下|问下|有没有|是不是|能不能|可不可以|要不要|怎么|怎样|如何|为什么|为啥|什么时候|几点|哪里|哪儿|哪个|多少钱|谁知道|谁有"
)
_LIST = re.compile(r"^\s*#(?:接龙|Group Note)", re.IGNORECASE)
_AT_ONLY = re.compile(r"@\S+\s?")


def post_title(text: str) -> str:
    """The title of a post about a question: its first line, cut where it is long."""
    line = next(each for each in text.splitlines() if each.strip())
    return line if len(line) <= _TITLE else line[: _TITLE - 1] + "…"


def post_text(text: str, answer: str) -> str:
    """What goes into the group: the question, and the answer where there is one."""
    asked = _("Asked: {text}", text=text)
    return asked + "\n\n" + _("Answer: {text}", text=answer or "{answer}")


def is_question(text: str) -> bool:
    """Whether a message asks something: it ends as a question does, or holds the words of one.

    A bare question mark, a link with a query, a 接龙 and a whole article (over `TEXT_LIMIT`) are none.
    """
    if len(text) > TEXT_LIMIT or _LIST.match(text):
        return False
    said = _LINK.sub("", text).strip()
    if len(_NO_WORDS.sub("", _AT_ONLY.sub("", said))) < 2:
        return False
    return _ENDS.search(said) is not None or _ASKS.search(said) is not None
