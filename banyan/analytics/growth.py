"""K: how many new participants a participant brings, counted fairly while the campaign runs.

Whoever joined an hour ago has not yet had time to bring anybody. Dividing all who were brought by
all who take part would count that person as a failure, so K would look small exactly while a
campaign grows. Here each participant is observed for as long as they have been in (their
exposure) and censored after.

- Up to the longest delay that enough participants have been observed for (the horizon), the mean
  number brought is Nelson's mean cumulative function: each person brought counts 1 ÷ (participants
  observed for at least that delay). It assumes nothing about the shape of the delays.
- Beyond the horizon, the share of delays still to come is estimated from a log-normal and a
  Weibull distribution, fitted to the delays with their right truncation (a delay is only seen
  when it is shorter than the exposure).
- The interval comes from the robust variance over participants (people who bring many bring them
  together), the fit's own uncertainty and the disagreement of the two shapes.

A participant is *observed* when their exposure is longer than every delay seen and than the delay
within which 99.5 % are expected; the others are *censored*. When nobody is censored, K is plainly
the participants who were brought ÷ all participants.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]

PARTICIPANTS_LEAST = 20
BROUGHT_LEAST = 8
AT_RISK_LEAST = 12
AT_RISK_SHARE = 0.03
HORIZON_SHARE_LEAST = 0.5
FIT_MOST = 4_000
STEPS_MOST = 40
CLOSE = 1e-7
PRIOR = 0.02
FLAT = 2 * PRIOR
"""The curvature the prior alone gives: a fit is never taken to be less sure than that."""
QUANTILE = 2.33
"""Wider than the 1.96 of a normal estimate: K's estimate is skewed when few have brought many."""
SECOND = 1.0 / 3600

NO_BASIS = "no basis yet: at least 20 participants and 8 people brought are needed"
TOO_EARLY = "too early: more than half of the people to be brought are still to come"
COUNTED = "counted: every participant has had their time"
CENSORED = (
    "mean cumulative function; participants still in their time are censored; tail by log-normal"
    " and Weibull fits with right truncation; 95 % interval from participant-level robust variance"
)


class Growth(msgspec.Struct, frozen=True):
    """K and how it was found."""

    value: float | None
    low: float | None
    high: float | None
    observed: int
    """Participants who have had their time."""
    censored: int
    """Participants who are still in it."""
    method: str
    generation_hours: float | None
    """Mean time between a participant's joining and that of those they brought."""


def measure(
    joined_at: Floats,
    brought_by: Indexes,
    now: float | Floats,
    *,
    among: NDArray[np.bool_] | None = None,
) -> Growth:
    """Measure K from when each participant joined and who brought them.

    `joined_at` in unix seconds, `brought_by` the index of the participant who brought each, -1 for
    nobody; `now` is the end of observation, one for all or one for each. `among`
    restricts whose bringing is measured (those of one channel), not who is brought. Times may come
    in any order.
    """
    exposure = np.maximum(now - joined_at, 0.0) / 3600
    children = np.flatnonzero(brought_by >= 0)
    parents = brought_by[children]
    if among is not None:
        inside = among[parents]
        children, parents = children[inside], parents[inside]
    delays = np.clip((joined_at[children] - joined_at[parents]) / 3600, SECOND, None)
    if among is not None:
        parents = (np.cumsum(among) - 1)[parents]
        exposure = exposure[among]
    size = len(exposure)
    if size < PARTICIPANTS_LEAST or len(children) < BROUGHT_LEAST:
        return Growth(None, None, None, 0, size, NO_BASIS, None)
    fits = [_fit(shape, delays, exposure[parents]) for shape in (LOGNORMAL, WEIBULL)]
    best = max(fits, key=lambda fit: fit.likelihood)
    longest = max(float(delays.max()), best.quantile(0.995))
    censored = int(np.count_nonzero(exposure < longest))
    curve = _Curve(exposure, delays, parents, longest if not censored else None)
    share, share_variance = (1.0, 0.0) if not censored else _share(fits, best, curve.horizon)
    if share < HORIZON_SHARE_LEAST:
        return Growth(None, None, None, size - censored, censored, TOO_EARLY, None)
    value = curve.mean / share
    spread = math.sqrt(curve.variance / curve.mean**2 + share_variance)
    reach = math.exp(QUANTILE * spread)
    return Growth(
        value=value,
        low=value / reach,
        high=value * reach,
        observed=size - censored,
        censored=censored,
        method=CENSORED if censored else COUNTED,
        generation_hours=curve.mean_delay,
    )


class _Curve:
    """The mean cumulative function up to its horizon."""

    def __init__(
        self, exposure: Floats, delays: Floats, parents: Indexes, horizon: float | None
    ) -> None:
        size = len(exposure)
        ascending = np.sort(exposure)
        least = min(size, max(AT_RISK_LEAST, math.ceil(AT_RISK_SHARE * size)))
        self.horizon = float(ascending[size - least]) if horizon is None else horizon
        order = np.argsort(delays, kind="stable")
        order = order[delays[order] <= self.horizon]
        near, owners = delays[order], parents[order]
        # Rounding must not put a parent's own exposure below the delay of a child just joined.
        at_risk = np.maximum(size - np.searchsorted(ascending, near - SECOND / 2), 1)
        steps = 1.0 / at_risk
        self.mean = float(steps.sum())
        self.mean_delay = float((near * steps).sum() / self.mean) if self.mean else None
        # Each participant's own steps, less what the mean expects of somebody observed as long.
        own = np.bincount(owners, weights=steps, minlength=size)
        expected = np.concatenate(([0.0], np.cumsum(steps**2)))
        seen = np.searchsorted(near, np.minimum(exposure, self.horizon), side="right")
        influence = own - expected[seen]
        self.variance = float((influence**2).sum()) * size / (size - 1)


class _Shape(NamedTuple):
    """A family of delay distributions with two parameters."""

    start: Callable[[Floats], Floats]
    density: Callable[[Floats, Floats], Floats]
    """Logarithm of the density, up to what does not depend on the parameters."""
    log_share: Callable[[Floats, Floats], Floats]
    """Logarithm of the share of delays up to each value; exact far below the smallest share that
    a number holds, for whoever has been in for seconds is seen to bring somebody in seconds."""
    quantile: Callable[[Floats, float], float]


class _Fit(NamedTuple):
    shape: _Shape
    parameters: Floats
    covariance: NDArray[np.float64]
    likelihood: float

    def quantile(self, part: float) -> float:
        """Return the delay within which `part` of the people come, in hours."""
        return self.shape.quantile(self.parameters, part)

    def log_share(self, hours: float) -> float:
        """Return the logarithm of the share that comes within `hours`."""
        return float(self.shape.log_share(self.parameters, np.array([hours]))[0])

    def log_share_variance(self, hours: float) -> float:
        """Return the variance of `log_share` that comes from the fit, by the delta method."""
        slope = np.empty(2)
        for place in range(2):
            step = np.zeros(2)
            step[place] = 1e-4
            higher = self._replace(parameters=self.parameters + step).log_share(hours)
            lower = self._replace(parameters=self.parameters - step).log_share(hours)
            slope[place] = (higher - lower) / 2e-4
        return float(slope @ self.covariance @ slope)


def _share(fits: list[_Fit], best: _Fit, horizon: float) -> tuple[float, float]:
    """Return the share of delays within `horizon` and the variance of its logarithm."""
    # Each shape speaks by its likelihood; where they fit alike, their disagreement is uncertainty.
    weights = np.array([math.exp(fit.likelihood - best.likelihood) for fit in fits])
    weights /= weights.sum()
    logs = np.array([fit.log_share(horizon) for fit in fits])
    mean = float(weights @ logs)
    between = float(weights @ (logs - mean) ** 2)
    within = float(weights @ np.array([fit.log_share_variance(horizon) for fit in fits]))
    return math.exp(mean), within + between


def _fit(shape: _Shape, delays: Floats, exposure: Floats) -> _Fit:
    """Fit `shape` by maximum likelihood to delays that were seen because they were short enough."""
    stride = -(-len(delays) // FIT_MOST)
    order = np.argsort(delays, kind="stable")[::stride]
    near, limits = delays[order], np.maximum(exposure[order], delays[order])

    def likelihood(parameters: Floats) -> float:
        value = shape.density(parameters, near) - shape.log_share(parameters, limits)
        # A weak prior keeps a hopeless fit (all delays at their limit) from running away.
        return float(value.sum()) - PRIOR * float(parameters @ parameters)

    at = shape.start(np.log(near))
    value = likelihood(at)
    for _ in range(STEPS_MOST):
        slope, bend = _derivatives(likelihood, at)
        eigenvalues, vectors = np.linalg.eigh(-bend)
        step = vectors @ ((vectors.T @ slope) / np.maximum(np.abs(eigenvalues), 1e-3))
        step *= min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-12))
        while float(np.abs(step).max()) > CLOSE:
            tried = likelihood(at + step)
            if tried > value:
                break
            step = step / 2
        else:
            break
        gain, at, value = tried - value, at + step, tried
        if gain < CLOSE:
            break
    return _Fit(shape, at, _covariance(_derivatives(likelihood, at)[1]) / stride, value)


def _covariance(bend: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of the curvature, direction by direction.

    Where the likelihood is flat, or bends the wrong way, nothing is known but the prior: that
    direction is as wide as the prior leaves it, and the others stay as sure as they are.
    """
    eigenvalues, vectors = np.linalg.eigh(-bend)
    return np.asarray((vectors / np.maximum(eigenvalues, FLAT)) @ vectors.T, dtype=np.float64)


def _derivatives(
    function: Callable[[Floats], float], at: Floats
) -> tuple[Floats, NDArray[np.float64]]:
    width = 1e-3
    slope, bend = np.empty(2), np.empty((2, 2))
    steps = np.eye(2) * width
    middle = function(at)
    for place in range(2):
        higher, lower = function(at + steps[place]), function(at - steps[place])
        slope[place] = (higher - lower) / (2 * width)
        bend[place, place] = (higher - 2 * middle + lower) / width**2
    cross = (
        function(at + steps[0] + steps[1])
        - function(at + steps[0] - steps[1])
        - function(at - steps[0] + steps[1])
        + function(at - steps[0] - steps[1])
    ) / (4 * width**2)
    bend[0, 1] = bend[1, 0] = cross
    return slope, bend


ERFC = (
    *(-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806),
    *(0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277),
)


def _log_normal_share(values: Floats) -> Floats:
    """Return the logarithm of the standard normal distribution function.

    Within 1.2e-7 of the share itself however small it is (Numerical Recipes, `erfcc`).
    """
    size = np.abs(values) / math.sqrt(2)
    t = 1 / (1 + size / 2)
    series = np.zeros_like(t)
    for coefficient in reversed(ERFC):
        series = series * t + coefficient
    log_tail = np.log(t / 2) - size**2 + series
    return np.where(values < 0, log_tail, np.log1p(-np.exp(np.minimum(log_tail, -0.69))))


def _normal_quantile(part: float) -> float:
    return NormalDist().inv_cdf(part)


def _lognormal_start(logs: Floats) -> Floats:
    return np.array([float(logs.mean()), math.log(max(float(logs.std()), 0.05))])


def _lognormal_density(p: Floats, x: Floats) -> Floats:
    logs = np.log(x)
    return -0.5 * ((logs - p[0]) / np.exp(p[1])) ** 2 - p[1] - logs - 0.5 * math.log(2 * math.pi)


def _lognormal_log_share(p: Floats, x: Floats) -> Floats:
    return _log_normal_share((np.log(np.maximum(x, 1e-9)) - p[0]) / np.exp(p[1]))


def _weibull_start(logs: Floats) -> Floats:
    shape = 1.2825 / max(float(logs.std()), 0.05)
    return np.array([float(logs.mean()) + 0.5772 / shape, math.log(shape)])


def _weibull_density(p: Floats, x: Floats) -> Floats:
    shape = np.exp(p[1])
    scaled = shape * (np.log(x) - p[0])
    return p[1] - p[0] + (shape - 1) * (np.log(x) - p[0]) - np.exp(np.minimum(scaled, 50))


def _weibull_log_share(p: Floats, x: Floats) -> Floats:
    scaled = np.exp(p[1]) * (np.log(np.maximum(x, 1e-9)) - p[0])
    near: Floats = np.log(-np.expm1(-np.exp(np.clip(scaled, -30, 50))))
    # Below, 1 - exp(-y) is y.
    return near + np.minimum(scaled + 30, 0)


def _lognormal_quantile(p: Any, part: float) -> float:
    return math.exp(float(p[0]) + math.exp(float(p[1])) * _normal_quantile(part))


def _weibull_quantile(p: Any, part: float) -> float:
    return math.exp(float(p[0]) + math.log(-math.log1p(-part)) / math.exp(float(p[1])))


LOGNORMAL = _Shape(_lognormal_start, _lognormal_density, _lognormal_log_share, _lognormal_quantile)
WEIBULL = _Shape(_weibull_start, _weibull_density, _weibull_log_share, _weibull_quantile)
