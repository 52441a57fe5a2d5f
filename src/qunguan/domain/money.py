"""Money in words. Inside the program it is integer fen everywhere."""

from __future__ import annotations


def yuan(fen: int) -> str:
    """An amount as people write it: 12.50, -3.00."""
    sign, fen = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{fen // 100}.{fen % 100:02d}"


def short_yuan(fen: int) -> str:
    """An amount as a bar or a rule says it, whole yuan without places: 1000, 999.99."""
    return yuan(fen).removesuffix(".00")
