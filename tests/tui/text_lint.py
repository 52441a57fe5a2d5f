"""Reads the screens' code and names every place where text goes into a widget without passing `tui/text.py`.

A plain `str` is safe only when it is the program's own: a constant, or `_()` of a constant without values. Everything
else must come from a function of the door, from a function or name annotated as `Content` or `Text`, or be a number in
a numeric format. What cannot be seen to be safe is reported: wrap it, or annotate it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# What draws its first arguments: how many of them are text, and the keywords that are too.
SINKS: dict[str, tuple[int | None, frozenset[str]]] = {
    "Static": (1, frozenset({"content"})),
    "Label": (1, frozenset({"content"})),
    "Markdown": (1, frozenset({"markdown"})),
    "Button": (1, frozenset({"label"})),
    "Checkbox": (1, frozenset({"label"})),
    "RadioButton": (1, frozenset({"label"})),
    "Option": (1, frozenset({"prompt"})),
    "Selection": (1, frozenset({"prompt"})),
    "Tab": (1, frozenset({"label"})),
    "TabPane": (1, frozenset({"title"})),
    "Tree": (1, frozenset({"label"})),
    "Hit": (2, frozenset({"match_display", "text", "help"})),
    "DiscoveryHit": (1, frozenset({"display", "text", "help"})),
    "SystemCommand": (2, frozenset({"title", "help"})),
    "notify": (1, frozenset({"message", "title"})),
    "add_row": (None, frozenset({"label"})),
    "add_column": (1, frozenset({"label"})),
    "add_columns": (None, frozenset()),
    "add_option": (1, frozenset()),
    "update": (1, frozenset({"content"})),
    "from_markup": (1, frozenset()),
    "Content": (1, frozenset({"text"})),
    "Text": (1, frozenset({"text"})),
}
DRAWN_ATTRIBUTES = frozenset({"tooltip", "border_title", "border_subtitle"})
SAFE_TYPES = frozenset({"Content", "Text"})
TRANSLATIONS = frozenset({"_", "N_"})
NUMERIC_ENDS = tuple("bcdeEfFgGnoxX%,")

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass
class Scope:
    """What is known inside one function or class: what its names (and `self.x`) were given and, for what a method gave
    to `self`, the method's own scope; and the names annotated as drawn text."""

    given: dict[str, list[tuple[ast.expr, list[Scope]]]] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)


def exported(text_module: Path) -> set[str]:
    """The functions of the door."""
    tree = ast.parse(text_module.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, Function) and not node.name.startswith("_")}


def makers(trees: Sequence[ast.Module]) -> set[str]:
    """Functions anywhere in these modules that say they return drawn text."""
    functions = (node for tree in trees for node in ast.walk(tree) if isinstance(node, Function))
    return {node.name for node in functions if node.returns and _is_safe_type(node.returns)}


def unsafe_places(tree: ast.Module, safe_calls: set[str]) -> Iterator[tuple[int, str]]:
    """Line and source of each argument that goes into a widget and is not seen to be safe."""
    yield from _walk(tree, [_scope(tree)], safe_calls)


def _walk(node: ast.AST, scopes: list[Scope], calls: set[str]) -> Iterator[tuple[int, str]]:
    for child in ast.iter_child_nodes(node):
        inner = [*scopes, _scope(child)] if isinstance(child, Function | ast.Lambda | ast.ClassDef) else scopes
        for drawn in _drawn(child):
            if not _safe(drawn, inner, calls):
                yield drawn.lineno, ast.unparse(drawn)
        yield from _walk(child, inner, calls)


def _drawn(node: ast.AST) -> Iterator[ast.expr]:
    """The expressions that `node` hands to a widget as text."""
    if isinstance(node, ast.Assign | ast.AnnAssign) and node.value:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(t, ast.Attribute) and t.attr in DRAWN_ATTRIBUTES for t in targets):
            yield node.value
    if not isinstance(node, ast.Call):
        return
    name = _name(node.func)
    count, keywords = SINKS.get(name, (0, frozenset()))
    if name == "update" and not _updates_a_widget(node):
        count = 0
    if name in SAFE_TYPES and isinstance(node.func, ast.Attribute):
        count = 0  # some_module.Text(...) of another kind
    yield from node.args[:count]
    yield from (kw.value for kw in node.keywords if kw.arg in keywords | DRAWN_ATTRIBUTES)


def _updates_a_widget(call: ast.Call) -> bool:
    """Not `dict.update`: that takes keywords, a mapping or pairs."""
    of_dict = (ast.Dict, ast.DictComp, ast.Set, ast.SetComp, ast.GeneratorExp, ast.List, ast.Tuple)
    return isinstance(call.func, ast.Attribute) and len(call.args) == 1 and not isinstance(call.args[0], of_dict)


def _safe(node: ast.expr, scopes: list[Scope], calls: set[str]) -> bool:
    def safe(*parts: ast.expr) -> bool:
        return all(_safe(part, scopes, calls) for part in parts)

    match node:
        case ast.Constant():
            return True
        case ast.Call():
            return _safe_call(node, calls) or _is_number(node)
        case ast.IfExp(test=test, body=body, orelse=other):
            return (_is_checked(test, body) or safe(body)) and safe(other)
        case ast.BoolOp(values=values):
            return safe(*values)
        case ast.BinOp(left=left, right=right, op=ast.Add()):
            return safe(left, right)
        case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mult()):
            return True
        case ast.JoinedStr(values=values):
            return all(isinstance(part, ast.Constant) or _is_number(part) for part in values)
        case ast.Starred(value=value) | ast.Await(value=value):
            return safe(value)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return safe(*elements)
        case ast.ListComp(elt=element) | ast.GeneratorExp(elt=element):
            return safe(element)
        case ast.Name() | ast.Attribute(value=ast.Name(id="self")):
            return _safe_name(_place(node), scopes, calls)
    return False


def _safe_call(call: ast.Call, calls: set[str]) -> bool:
    name = _name(call.func)
    if name in TRANSLATIONS:
        return all(isinstance(arg, ast.Constant) for arg in call.args) and not call.keywords
    if name == "ngettext":
        return all(isinstance(arg, ast.Constant) for arg in call.args[:2]) and not call.keywords
    if name in SAFE_TYPES:
        return True  # judged where it is made: it is a sink itself
    return name in calls


def _safe_name(name: str, scopes: list[Scope], calls: set[str]) -> bool:
    for depth in range(len(scopes), 0, -1):
        scope = scopes[depth - 1]
        if name in scope.typed:
            return True
        if name in scope.given and name not in scope.open:
            scope.open.add(name)  # a name that is made of itself is as safe as the rest of it
            try:
                known = scopes[:depth]
                return all(_safe(value, [*known, *inner], calls) for value, inner in scope.given[name])
            finally:
                scope.open.discard(name)
        if name in scope.given:
            return True
    return False


def _scope(node: ast.AST) -> Scope:
    scope = Scope()
    if isinstance(node, Function | ast.Lambda):
        for arg in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]:
            if arg.annotation and _is_safe_type(arg.annotation):
                scope.typed.add(arg.arg)
            else:
                scope.given[arg.arg] = [(ast.Name("?"), [])]
    own = "self." if isinstance(node, ast.ClassDef) else ""
    for child in _statements(node):
        _note(child, scope, own, [])
    if isinstance(node, ast.ClassDef):
        for method in node.body:
            if isinstance(method, Function):
                inner = [_scope(method)]
                for child in _statements(method):
                    _note(child, scope, "", inner, of_self=True)
    return scope


def _note(node: ast.AST, scope: Scope, own: str, inner: list[Scope], *, of_self: bool = False) -> None:
    """Add what one statement says about names (`of_self`: about `self.x` only) to `scope`."""
    given: Sequence[ast.expr]
    typed = False
    match node:
        case ast.AnnAssign(target=target, annotation=annotation, value=value):
            given, typed = [target], _is_safe_type(annotation)
        case ast.Assign(targets=given, value=value):
            pass
        case ast.For(target=target, iter=value) | ast.AsyncFor(target=target, iter=value):
            given = [target]
        case ast.comprehension(target=target, iter=value):
            given = [target]
        case _:
            return
    for place in (own + _place(target) for target in given):
        if of_self and not place.startswith("self."):
            continue
        if typed:
            scope.typed.add(place)
        elif value:
            scope.given.setdefault(place, []).append((value, inner))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Everything in this scope, without what stands in functions and classes inside it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, Function | ast.Lambda | ast.ClassDef):
            yield from _statements(child)


def _is_safe_type(annotation: ast.expr) -> bool:
    """`Content`, `Text | None`, `list[Content]`, `tuple[Content, ...]`: anything made of drawn text only."""
    match annotation:
        case ast.Constant(value=str(source)):
            annotation = ast.parse(source, mode="eval").body
    names = {part.id for part in ast.walk(annotation) if isinstance(part, ast.Name)}
    containers = {"list", "tuple", "Sequence", "Iterable", "Iterator", "Callable"}
    return bool(names & SAFE_TYPES) and names <= SAFE_TYPES | containers


def _is_checked(test: ast.expr, body: ast.expr) -> bool:
    """`x if isinstance(x, Content) else …`"""
    match test:
        case ast.Call(func=ast.Name(id="isinstance"), args=[subject, kind]):
            return ast.dump(subject) == ast.dump(body) and _is_safe_type(kind)
    return False


def _is_number(node: ast.expr) -> bool:
    """Formatted in a way that refuses text, or the string of a length."""
    match node:
        case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])):
            return spec.endswith(NUMERIC_ENDS)
        case ast.FormattedValue(value=ast.Call(func=ast.Name(id="len"))):
            return True
        case ast.FormattedValue(value=ast.Constant()):
            return True
        case ast.Call(func=ast.Name(id="str"), args=[ast.Call(func=ast.Name(id="len"))]):
            return True
    return False


def _place(node: ast.expr) -> str:
    """A name or `self.x`, else nothing."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=ast.Name(id="self"), attr=name):
            return f"self.{name}"
    return ""


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
