"""A class made by `frozen` does what a frozen dataclass with slots does."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, is_dataclass, replace

import pytest

from qunguan.values import frozen, names


@frozen
class Stay:
    """A stay."""

    member: int
    group: str = "晨读营"
    tags: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.member} {self.group}"


@frozen
class Other:
    member: int
    group: str = "晨读营"
    tags: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


@frozen
class Single:
    day: str

    def __repr__(self) -> str:
        return self.day


@dataclass(frozen=True, slots=True)
class Twin:
    member: int
    group: str = "晨读营"
    tags: tuple[str, ...] = ()
    extra: dict[str, str] = field(default_factory=dict)


def test_fields_are_given_by_place_by_name_or_by_default() -> None:
    assert Stay(1, "夜跑团", tags=("a",)) == Stay(member=1, group="夜跑团", tags=("a",), extra={})
    assert Stay(1).label == "1 晨读营"
    assert Stay(1).extra is not Stay(1).extra


@pytest.mark.parametrize("given", [{}, {"member": 1, "nobody": 2}])
def test_what_is_missing_or_unknown_is_a_mistake(given: dict[str, int]) -> None:
    with pytest.raises(TypeError):
        Stay(**given)  # type: ignore[arg-type]


def test_values_of_another_class_are_others() -> None:
    others: list[object] = [Other(1), Stay(2), Single("1"), 1]
    assert Stay(1) not in others


def test_equal_values_have_one_hash() -> None:
    assert {Single("1"), Single("1"), Single("2")} == {Single("2"), Single("1")}
    with pytest.raises(TypeError):
        hash(Stay(1))  # a dict in it cannot be hashed, as in any dataclass


def test_nothing_can_be_changed_added_or_taken_away() -> None:
    stay = Stay(1)
    for name in ("member", "nobody"):
        with pytest.raises(FrozenInstanceError):
            setattr(stay, name, 2)
        with pytest.raises(FrozenInstanceError):
            delattr(stay, name)
    assert not hasattr(stay, "__dict__")


def test_it_reads_like_the_dataclass() -> None:
    assert repr(Stay(1)) == repr(Twin(1)).replace("Twin", "Stay")
    assert repr(Single("1")) == "1"


def test_the_tools_of_dataclasses_work() -> None:
    stay = Stay(1, extra={"a": "b"})
    assert is_dataclass(stay)
    assert replace(stay, member=2) == Stay(2, extra={"a": "b"})
    assert tuple(one.name for one in fields(stay)) == names(Stay) == ("member", "group", "tags", "extra")
    match stay:
        case Stay(member, group):
            assert (member, group) == (1, "晨读营")


def test_copies_are_equal() -> None:
    stay = Stay(1, extra={"a": "b"})
    assert copy.copy(stay) == copy.deepcopy(stay) == pickle.loads(pickle.dumps(stay)) == stay
    assert copy.deepcopy(stay).extra is not stay.extra
