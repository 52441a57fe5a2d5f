"""Keep the catalogue complete: find every message in the code, check its Chinese, compile one .mo.

    python scripts/messages.py            check and compile
    python scripts/messages.py --missing  print what has no Chinese yet, as .po stubs
    python scripts/messages.py --check    check only: exit 1 when a message has no Chinese, is unused, or the .mo is old

Chinese stands in locale/zh_CN/<noun>.po, one file a noun; they are merged into locale/zh_CN/qunguan.mo.
"""

from __future__ import annotations

import ast
import io
import string
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "qunguan"
LOCALE = SOURCE / "locale" / "zh_CN"
COMPILED = LOCALE / "qunguan.mo"
MARKERS = {"_", "N_"}
ERRORS = {"UserError", "BadInput", "NotFound", "Ambiguous", "Refused", "StoreError", "NeedsMapping"}
_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # of the header: the same texts give the same file
PRESET_TEXTS = {"label", "metric", "title", "window", "note", "service", "why", "doubt"}


def extract() -> dict[str, str]:
    """Every message ID of the program with the place it was first seen."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        place = str(path.relative_to(ROOT))
        for message, line in _messages(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(message, f"{place}:{line}")
    for name in ("rules.toml", "sources.toml", "schemes.toml", "lint.toml", "growth.toml"):
        presets = tomllib.loads((SOURCE / "presets" / name).read_text(encoding="utf-8"))
        for preset in (preset for noun in presets.values() for preset in noun.values()):
            for told in (preset, *preset.get("buckets", ())):
                for field in PRESET_TEXTS & told.keys():
                    found.setdefault(told[field], f"src/qunguan/presets/{name}")
    rfm = tomllib.loads((SOURCE / "presets/rfm.toml").read_text(encoding="utf-8"))
    for segment in rfm["segment"]:
        found.setdefault(segment["service"], "src/qunguan/presets/rfm.toml")
    return found


def _messages(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """The literal texts of _(), N_(), ngettext() and of user errors, with their `hint=`."""
    errors = ERRORS | {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any(_name(base) in ERRORS for base in node.bases)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = _name(call.func)
        wanted: list[ast.expr] = []
        if name in MARKERS or name in errors:
            wanted += call.args[:1]
        if name == "ngettext":
            wanted += call.args[:2]
        if name in errors:
            wanted += [word.value for word in call.keywords if word.arg == "hint"]
        for text in wanted:
            if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                yield text.value, text.lineno


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def chinese() -> tuple[dict[str, str], list[str]]:
    """All translations, and complaints about messages translated twice differently."""
    merged: dict[str, str] = {}
    complaints = []
    for path in sorted(LOCALE.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="zh_CN"):
                if not message.id:
                    continue
                ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
                text = message.string[0] if isinstance(message.string, tuple | list) else message.string
                for one in ids:
                    if merged.get(one, text) != text:
                        complaints.append(f"{path.name}: translated twice: {one!r}")
                    if text:
                        merged[one] = text
    return merged, complaints


def places(text: str) -> set[str]:
    """The names of the places in a message."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def compiled(translations: dict[str, str]) -> bytes:
    """One catalogue as .mo bytes, the same for the same texts."""
    catalogue = Catalog(locale="zh_CN", domain="qunguan", creation_date=_DAY, revision_date=_DAY)
    for message in sorted(translations):
        catalogue.add(message, translations[message])
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def texts(data: bytes) -> dict[object, object]:
    """What a compiled catalogue says, without its header: that names the version of the tool."""
    return {message.id: message.string for message in read_mo(io.BytesIO(data)) if message.id}


def problems(used: dict[str, str], translations: dict[str, str]) -> list[str]:
    """What is wrong with the catalogue, one line each."""
    missing = [f"{place}: no Chinese: {message!r}" for message, place in used.items() if message not in translations]
    unused = [f"no longer used: {message!r}" for message in translations if message not in used]
    broken = [
        f"{used[message]}: places differ: {message!r} / {text!r}"
        for message, text in translations.items()
        if message in used and not places(text) <= places(message) | {"n"}
    ]
    return missing + unused + broken


def main(arguments: list[str]) -> int:
    """Check, and compile unless asked only to check. Returns the exit status."""
    used = extract()
    translations, complaints = chinese()
    if "--missing" in arguments:
        for message, place in used.items():
            if message not in translations:
                print(f'#: {place}\nmsgid "{message}"\nmsgstr ""\n'.replace("\n\n", "\n"))
        return 0
    complaints += problems(used, translations)
    data = compiled({message: text for message, text in translations.items() if message in used})
    if "--check" in arguments:
        if not COMPILED.exists() or texts(COMPILED.read_bytes()) != texts(data):
            complaints.append("qunguan.mo is old: run python scripts/messages.py")
    else:
        fresh = COMPILED.with_suffix(".part")
        fresh.write_bytes(data)
        fresh.replace(COMPILED)  # a program that runs has the old one mapped
    print("\n".join(complaints) or f"{len(used)} messages, all in Chinese")
    return bool(complaints)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
