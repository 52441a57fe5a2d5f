"""What an experiment says: two shares compared, without a verdict the numbers do not carry (semantics 3.10, S4-15).

Everything here is a plain calculation. Shares are between 0 and 1; `None` is what cannot be said.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from math import ceil, erfc, exp, fsum, gamma, inf, lgamma, log, log1p, sqrt
from statistics import NormalDist
from typing import Literal

from qunguan.domain.errors import BadInput
from qunguan.domain.text import show
from qunguan.values import frozen

Test = Literal["z", "fisher"]
Interval = tuple[float, float]

_LEAST_EXPECTED = 5  # a cell expected smaller than this asks for the exact test
_MOST = 10_000_000  # people in an arm
_SAME = 1e-10  # tables whose chances differ by less are equally unlikely: only rounding tells them apart
_NORMAL = NormalDist()


@frozen
class Sample:
    """What was counted in one arm: `x` of `n` people did it."""

    x: int
    n: int

    @classmethod
    def parse(cls, text: str) -> Sample:
        """Read 12/150. Raises BadInput for anything else, and for more than all of them."""
        found = re.fullmatch(r"(\d{1,8})/(\d{1,8})", re.sub(r"\s", "", unicodedata.normalize("NFKC", text)))
        if found and int(found[1]) <= int(found[2]) <= _MOST:
            return cls(int(found[1]), int(found[2]))
        raise BadInput(
            "“{text}” is no count", hint="write how many did it and of how many: 12/150", text=show(text[:40])
        )

    @property
    def share(self) -> float | None:
        """How many of them did it; None of nobody."""
        return self.x / self.n if self.n else None


@frozen
class Comparison:
    """B against A. `p_value` is of `test`, two-sided; `p_z` and `p_fisher` are of both tests, whatever was used.

    `ci_diff` is of B − A; `p_b_beats_a` and `expected_loss` (what choosing B costs if A is better, in share) come from
    flat priors. None where an arm is empty.
    """

    p_a: float | None
    p_b: float | None
    z: float | None
    p_value: float | None
    test: Test
    p_z: float | None
    p_fisher: float | None
    ci_diff: Interval | None
    wilson_a: Interval | None
    wilson_b: Interval | None
    p_b_beats_a: float | None
    expected_loss: float | None


def compare(a: Sample, b: Sample, alpha: float = 0.05) -> Comparison:
    """Compare two arms; intervals hold 1 − `alpha`."""
    pooled = (a.x + b.x) / (a.n + b.n) if a.n + b.n else 0.0
    smallest = min(a.n, b.n) * min(pooled, 1 - pooled)
    test: Test = "fisher" if smallest < _LEAST_EXPECTED else "z"
    z, p_z = _z_test(a, b)
    p_fisher = fisher(a, b) if a.n and b.n else None
    return Comparison(
        p_a=a.share,
        p_b=b.share,
        z=z,
        p_value=p_z if test == "z" else p_fisher,
        test=test,
        p_z=p_z,
        p_fisher=p_fisher,
        ci_diff=difference_interval(a, b, alpha),
        wilson_a=wilson(a, alpha),
        wilson_b=wilson(b, alpha),
        p_b_beats_a=chance_to_beat(a, b) if a.n and b.n else None,
        expected_loss=expected_loss(a, b) if a.n and b.n else None,
    )


def _z_test(a: Sample, b: Sample) -> tuple[float | None, float | None]:
    """z with the variance pooled under "no difference", and its two-sided p; None where nobody or everybody did it."""
    if not (a.n and b.n):
        return None, None
    pooled = (a.x + b.x) / (a.n + b.n)
    variance = pooled * (1 - pooled) * (1 / a.n + 1 / b.n)
    if not variance:
        return None, None
    z = (b.x / b.n - a.x / a.n) / sqrt(variance)
    return z, erfc(abs(z) / sqrt(2))


def fisher(a: Sample, b: Sample) -> float:
    """Fisher's exact test, two-sided: the chance of a table as unlikely as this one or more so, the margins given."""
    done, whole = a.x + b.x, a.n + b.n
    least, most = max(0, done - b.n), min(done, a.n)
    likeliest = min(max((done + 1) * (a.n + 1) // (whole + 2), least), most)

    def ratio(k: int) -> float:
        return (done - k) * (a.n - k) / ((k + 1) * (b.n - done + k + 1))  # of the table with k + 1 to the one with k

    weights = {likeliest: 1.0}
    for k in range(likeliest, most):
        weights[k + 1] = weights[k] * ratio(k)
        if not weights[k + 1]:
            break
    for k in range(likeliest - 1, least - 1, -1):
        weights[k] = weights[k + 1] / ratio(k)
        if not weights[k]:
            break
    seen = weights.get(a.x, 0.0) * (1 + _SAME)
    return fsum(each for each in weights.values() if each <= seen) / fsum(weights.values())


def wilson(sample: Sample, alpha: float = 0.05) -> Interval | None:
    """Wilson's interval of one share; None of nobody."""
    if not sample.n:
        return None
    n, p, z = sample.n, sample.x / sample.n, _quantile(1 - alpha / 2)
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    low = 0.0 if sample.x == 0 else middle - half
    return low, 1.0 if sample.x == n else middle + half


def difference_interval(a: Sample, b: Sample, alpha: float = 0.05) -> Interval | None:
    """The interval of B − A, each arm with its own variance."""
    if not (a.n and b.n):
        return None
    p, q = a.x / a.n, b.x / b.n
    half = _quantile(1 - alpha / 2) * sqrt(p * (1 - p) / a.n + q * (1 - q) / b.n)
    return q - p - half, q - p + half


def chance_to_beat(a: Sample, b: Sample) -> float:
    """The chance that B's share is above A's, each Beta(1 + x, 1 + n − x)."""
    return _beats((1 + a.x, 1 + a.n - a.x), (1 + b.x, 1 + b.n - b.x))


def expected_loss(a: Sample, b: Sample) -> float:
    """How much share is lost on average by choosing B: the mean of A − B where A is the better, else 0."""
    alpha_a, beta_a, alpha_b, beta_b = 1 + a.x, 1 + a.n - a.x, 1 + b.x, 1 + b.n - b.x
    of_a = alpha_a / (alpha_a + beta_a) * _beats((alpha_b, beta_b), (alpha_a + 1, beta_a))
    of_b = alpha_b / (alpha_b + beta_b) * _beats((alpha_b + 1, beta_b), (alpha_a, beta_a))
    return max(0.0, of_a - of_b)


def _beats(a: tuple[int, int], b: tuple[int, int]) -> float:
    """P(B > A) of two Beta distributions with whole parameters: the exact sum, over the shortest of its four forms."""
    (alpha_a, beta_a), (alpha_b, beta_b) = a, b
    shortest = min(alpha_a, beta_a, alpha_b, beta_b)
    if shortest == alpha_b:
        return _beats_sum(alpha_a, beta_a, alpha_b, beta_b)
    if shortest == alpha_a:
        return 1 - _beats_sum(alpha_b, beta_b, alpha_a, beta_a)
    if shortest == beta_a:  # 1 − B below 1 − A is the same question
        return _beats_sum(beta_b, alpha_b, beta_a, alpha_a)
    return 1 - _beats_sum(beta_a, alpha_a, beta_b, alpha_b)


def _beats_sum(alpha_a: int, beta_a: int, alpha_b: int, beta_b: int) -> float:
    """Σ B(αA + i, βA + βB) ÷ ((βB + i) · B(1 + i, βB) · B(αA, βA)) for i below αB, each term from the one before."""
    term = exp(_log_first(alpha_a, beta_a, beta_b))
    if not term:  # the first terms are too small to be told from 0: from the logarithms then
        return min(1.0, sum(exp(_log_term(i, alpha_a, beta_a, beta_b)) for i in range(alpha_b)))
    total = 0.0
    for i in range(alpha_b):
        total += term
        term *= (alpha_a + i) * (beta_b + i) / ((alpha_a + beta_a + beta_b + i) * (i + 1))
    return min(1.0, total)


def _log_first(alpha_a: int, beta_a: int, beta_b: int) -> float:
    """ln(B(αA, βA + βB) ÷ B(αA, βA)) as a sum of logarithms: `lgamma` of large numbers would cost nine digits."""
    if alpha_a <= beta_b:
        return fsum(log1p(-beta_b / (beta_a + beta_b + j)) for j in range(alpha_a))
    return fsum(log1p(-alpha_a / (alpha_a + beta_a + j)) for j in range(beta_b))


def _log_term(i: int, alpha_a: int, beta_a: int, beta_b: int) -> float:
    whole = _log_beta(alpha_a + i, beta_a + beta_b) - _log_beta(1 + i, beta_b) - _log_beta(alpha_a, beta_a)
    return whole - log(beta_b + i)


def _log_beta(a: int, b: int) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def per_arm(base: float, other: float, power: float = 0.8, alpha: float = 0.05) -> int:
    """How many people each arm needs to tell `base` from `other` with that power. Raises BadInput for equal shares."""
    if not (0 < base < 1 and 0 < other < 1) or base == other:
        raise BadInput("the two shares have to differ and lie between 0 and 100 %", hint="for example 10 % and 12 %")
    return ceil(_needed(base, other, power, alpha) - 1e-9)


def detectable(base: float, n: int, power: float = 0.8, alpha: float = 0.05) -> float | None:
    """The smallest share above `base` that `n` people in each arm can tell from it; None when no share is."""
    low, high = base, 1.0
    if n < 1 or _needed(base, high, power, alpha) > n:
        return None
    while high - low > 1e-12:
        middle = (low + high) / 2
        low, high = (middle, high) if middle == base or _needed(base, middle, power, alpha) > n else (low, middle)
    return high


def _needed(base: float, other: float, power: float, alpha: float) -> float:
    z = _quantile(1 - alpha / 2) + _quantile(power)
    return z * z * (base * (1 - base) + other * (1 - other)) / (base - other) ** 2


def split_p(counts: Sequence[int], weights: Sequence[int] | None = None) -> float | None:
    """The chance of a split as far from the planned one as this (χ²). None with nobody, or with one arm."""
    shares = list(weights or [1] * len(counts))
    total, whole = sum(counts), sum(shares)
    if not total or len(counts) < 2:
        return None
    expected = [total * share / whole for share in shares]
    far = sum((n - wanted) ** 2 / wanted for n, wanted in zip(counts, expected, strict=True))
    return _chi_square_tail(far, len(counts) - 1)


def _chi_square_tail(x: float, degrees: int) -> float:
    """P(χ² > x) of whole degrees of freedom, in closed form."""
    half = x / 2
    if degrees % 2 == 0:
        return exp(-half) * fsum(half**k / gamma(k + 1) for k in range(degrees // 2))
    terms = (half ** (k + 0.5) / gamma(k + 1.5) for k in range(degrees // 2))
    return erfc(sqrt(half)) + exp(-half) * fsum(terms)


def arm_of(experiment_id: int, member_id: int, weights: Sequence[int]) -> int:
    """The place of the arm a member falls into: the same whenever it is asked, in shares of `weights`."""
    digest = hashlib.sha256(f"{experiment_id}:{member_id}".encode()).digest()
    point = int.from_bytes(digest[:8], "big") % sum(weights)
    return next(place for place, end in enumerate(accumulate(weights)) if point < end)


def _quantile(p: float) -> float:
    return _NORMAL.inv_cdf(p) if 0 < p < 1 else inf
