"""A ledger simulated the naive way, to compare the real one with; it shares no code with it.

Each lot is a row of numbers, one a day: what is left of it at the end of that day, as known now. Taking on a day lowers
that day and all later ones. There are no expiry entries: a lot past its last day is simply not counted, and what its
row still shows there are the points that expired. A debt is a row of numbers as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field

HORIZON = 400


@dataclass
class Lot:
    born: int
    last: int  # the last day it can be used
    order: int
    left: list[int]

    def free(self, on: int) -> int:
        return min(self.left[on:]) if self.born <= on <= self.last else 0

    def take(self, amount: int, on: int) -> None:
        for later in range(on, HORIZON):
            self.left[later] -= amount


@dataclass
class Op:
    """Something that happened. `took` is per lot; negative gave. `owes` is what no lot has paid yet."""

    id: int
    kind: str
    sign: int
    amount: int
    on: int
    parent: Op | None = None
    by_program: bool = False
    took: dict[int, int] = field(default_factory=dict)
    owes: int = 0
    last_move: int = 0
    children: list[Op] = field(default_factory=list)

    def line(self) -> list[Op]:
        return [self] + [op for child in self.children for op in child.line()]

    def standing(self) -> int:
        return self.amount - sum(child.standing() for child in self.children)


class Simulation:
    """One member."""

    def __init__(self) -> None:
        self.lots: dict[int, Lot] = {}
        self.ops: dict[int, Op] = {}
        self.debt = [0] * HORIZON

    def balance(self, on: int) -> int:
        alive = [lot for lot in self.lots.values() if lot.born <= on <= lot.last]
        return sum(lot.left[on] for lot in alive) - self.debt[on]

    # -- lots in and out

    def earn(self, op_id: int, amount: int, on: int, last: int | None, kind: str = "EARN") -> Op:
        op = self._note(Op(op_id, kind, 1, amount, on))
        self._lot(op, last)
        self._pay_debts()
        return op

    def room(self, on: int) -> int:
        return sum(lot.free(on) for lot in self.lots.values())

    def spend(self, op_id: int, amount: int, on: int) -> None:
        assert self.room(on) >= amount
        op = self._note(Op(op_id, "SPEND", -1, amount, on))
        for lot_id in self._in_order():
            part = min(amount, self.lots[lot_id].free(on))
            self._move(op, lot_id, part, on)
            amount -= part

    def _in_order(self) -> list[int]:
        return sorted(self.lots, key=lambda lot_id: (self.lots[lot_id].last, self.lots[lot_id].order))

    def _note(self, op: Op) -> Op:
        self.ops[op.id] = op
        op.last_move = op.on
        if op.parent:
            op.parent.children.append(op)
        return op

    def _lot(self, op: Op, last: int | None) -> None:
        left = [0] * op.on + [op.amount] * (HORIZON - op.on)
        self.lots[op.id] = Lot(op.on, HORIZON - 1 if last is None else last, op.id, left)

    def _move(self, op: Op, lot_id: int, amount: int, on: int) -> None:
        if amount:
            self.lots[lot_id].take(amount, on)
            op.took[lot_id] = op.took.get(lot_id, 0) + amount
            op.last_move = max(op.last_move, on)

    def _pay_debts(self) -> None:
        for op in sorted((op for op in self.ops.values() if op.owes), key=lambda op: (op.on, op.id)):
            for on in range(op.on, HORIZON):
                for lot_id in self._in_order():
                    paid = min(op.owes, self.lots[lot_id].free(on))
                    if paid:
                        self._move(op, lot_id, paid, on)
                        self._owe(op, -paid, on)
                if not op.owes:
                    break

    def _owe(self, op: Op, amount: int, on: int) -> None:
        op.owes += amount
        for later in range(on, HORIZON):
            self.debt[later] += amount

    # -- reversing

    def left_to_reverse(self, op: Op, on: int) -> int:
        left, above = op.standing(), op
        while above.parent and above.parent.parent:
            above = above.parent.parent
            left = min(left, above.standing())
        lot = self.lots.get(op.id)
        if lot and op.kind != "REVERSE" and on > lot.last:
            left = min(left, op.standing() - lot.left[on])
        return left

    def changed(self, op: Op) -> int:
        while op.parent:
            op = op.parent
        return max(part.last_move for part in op.line())

    def reverse(
        self,
        op: Op,
        amount: int,
        on: int,
        new_ids: tuple[int, ...],
        *,
        waive: bool,
        grace: int,
        by_program: bool = False,
    ) -> None:
        """`new_ids` are the entries the real ledger posted; how many there must be is checked."""
        ids = iter(new_ids)
        if op.sign < 0:
            self._return(op, amount, on, ids, grace, by_program)
        else:
            self._retract(op, amount, on, ids, waive, by_program)
        assert next(ids, None) is None
        self._pay_debts()

    def _holdings(self, op: Op, *, opened: bool = True) -> dict[int, int]:
        net: dict[int, int] = {}
        for part in op.line():
            for lot_id, amount in part.took.items():
                net[lot_id] = net.get(lot_id, 0) + amount
        for part in op.line():
            if opened and part.id in self.lots:
                net[part.id] = net.get(part.id, 0) - part.amount
        return net

    def _return(self, op: Op, amount: int, on: int, ids, grace: int, by_program: bool) -> None:
        ups = [op]  # what it restores, the same debit in the end
        while ups[-1].parent and ups[-1].parent.parent:
            ups.append(ups[-1].parent.parent)
        forgiven: list[tuple[Op, int]] = []
        backs: dict[int, int] = {}
        for level, up in enumerate(ups):
            for part in sorted(up.line(), key=lambda part: -part.id):
                let = min(part.owes, amount)
                if let:
                    self._owe(part, -let, on)
                    forgiven.append((part, let))
                    amount -= let
            for lot_id, net in reversed(self._holdings(up).items()):
                for higher in ups[level:]:
                    net = min(net, self._holdings(higher, opened=False).get(lot_id, 0))
                back = min(max(net - backs.get(lot_id, 0), 0), amount)
                if back:
                    backs[lot_id] = backs.get(lot_id, 0) + back
                    amount -= back
        assert not amount
        backs = dict(sorted(backs.items(), key=lambda each: self.lots[each[0]].last < on))  # those that live first
        late = sum(back for lot_id, back in backs.items() if self.lots[lot_id].last < on) if grace else 0
        total = sum(let for _part, let in forgiven) + sum(backs.values())
        if total > late:
            reversal = self._note(Op(next(ids), "REVERSE", 1, total - late, on, op, by_program))
            for lot_id, back in backs.items():
                if not (late and self.lots[lot_id].last < on):
                    self._move(reversal, lot_id, -back, on)
        if late:
            reversal = self._note(Op(next(ids), "REVERSE", 1, late, on, op, by_program))
            self._lot(reversal, on + grace)

    def _retract(self, op: Op, amount: int, on: int, ids, waive: bool, by_program: bool) -> None:
        own = {op.id: -amount} if op.id in self.lots else self._holdings(op)
        takes: list[tuple[int, int]] = []
        for lot_id, net in own.items():
            lot = self.lots[lot_id]
            there = lot.free(on)
            if op.kind == "REVERSE" and on > lot.last:
                there = min(lot.left[on:])
            takes.append((lot_id, min(amount, max(-net, 0), there)))
            amount -= takes[-1][1]
        if waive and op.kind != "REVERSE":
            amount = 0
        total = amount + sum(part for _lot, part in takes)
        if total:
            reversal = self._note(Op(next(ids), "REVERSE", -1, total, on, op, by_program))
            for lot_id, part in takes:
                self._move(reversal, lot_id, part, on)
            self._owe(reversal, amount, on)
