"""Compute tail probabilities of counts that vary more than a Poisson variable does."""

import math
from statistics import NormalDist

_NEGLIGIBLE = 1e-9  # of the sum so far: the terms that follow are left out
_NEARLY_POISSON = 1e-6  # share of the mean by which the variance exceeds it
_MANY = 200.0
_NORMAL = NormalDist()


def log_tail(count: int, mean: float, variance: float) -> float:
    """Return the logarithm of the probability of `count` or more; 0 where that is not above the mean.

    The distribution is the negative binomial of this mean and variance, the Poisson distribution where the
    variance is no larger. `mean` is above zero.
    """
    if count <= mean:
        return 0.0
    log_first = log_probability(count, mean, variance)
    size, ratio = _size_and_ratio(mean, variance)
    total = term = 1.0
    number = count
    while term > total * _NEGLIGIBLE:
        term *= (ratio if size == math.inf else ratio * (number + size)) / (number + 1)
        total += term
        number += 1
    return min(0.0, log_first + math.log(total))


def log_probability(count: int, mean: float, variance: float) -> float:
    """Return the logarithm of the probability of this count, with the same distribution."""
    size, ratio = _size_and_ratio(mean, variance)
    if size == math.inf:
        return count * math.log(mean) - mean - math.lgamma(count + 1)
    return (
        math.lgamma(count + size)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        + size * math.log(size / (size + mean))
        + count * math.log(ratio)
    )


def quantile(share: float, mean: float, variance: float) -> int:
    """Return the smallest count that is not exceeded with this probability, with the same distribution.

    From `_MANY` on by the approximation of Wilson and Hilferty, in which the counts are gamma distributed.
    """
    if mean <= 0:
        return 0
    if mean > _MANY:
        shape = mean * mean / max(variance, mean)
        root = 1 - 1 / (9 * shape) + _NORMAL.inv_cdf(share) / (3 * math.sqrt(shape))
        return max(0, round(mean * max(root, 0.0) ** 3))
    size, ratio = _size_and_ratio(mean, variance)
    term = math.exp(log_zero(mean, variance))
    count, total = 0, term
    while total < share and (term > 0 or count < mean):
        term *= (ratio if size == math.inf else ratio * (count + size)) / (count + 1)
        count += 1
        total += term
    return count


def _size_and_ratio(mean: float, variance: float) -> tuple[float, float]:
    """Return the size of the distribution, infinite where it is Poisson's, and the ratio of its terms."""
    if variance <= mean * (1 + _NEARLY_POISSON):
        return math.inf, mean
    size = mean * mean / (variance - mean)
    return size, mean / (size + mean)


def log_zero(mean: float, variance: float) -> float:
    """Return the logarithm of the probability that there is nothing, with the same distribution."""
    if variance <= mean * (1 + _NEARLY_POISSON):
        return -mean
    size = mean * mean / (variance - mean)
    return size * math.log(size / (size + mean))
