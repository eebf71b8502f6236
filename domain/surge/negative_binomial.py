"""Compute tail probabilities of counts that vary more than a Poisson variable does."""

import math

_NEGLIGIBLE = 1e-9  # of the sum so far: the terms that follow are left out
_NEARLY_POISSON = 1e-6  # share of the mean by which the variance exceeds it


def log_tail(count: int, mean: float, variance: float) -> float:
    """Return the logarithm of the probability of `count` or more; 0 where that is not above the mean.

    The distribution is the negative binomial of this mean and variance, the Poisson distribution where the
    variance is no larger. `mean` is above zero.
    """
    if count <= mean:
        return 0.0
    if variance <= mean * (1 + _NEARLY_POISSON):
        log_first = count * math.log(mean) - mean - math.lgamma(count + 1)
        size, ratio = math.inf, mean
    else:
        size = mean * mean / (variance - mean)
        ratio = mean / (size + mean)
        log_first = (
            math.lgamma(count + size)
            - math.lgamma(size)
            - math.lgamma(count + 1)
            + size * math.log(size / (size + mean))
            + count * math.log(ratio)
        )
    total = term = 1.0
    number = count
    while term > total * _NEGLIGIBLE:
        term *= (ratio if size == math.inf else ratio * (number + size)) / (number + 1)
        total += term
        number += 1
    return min(0.0, log_first + math.log(total))


def log_zero(mean: float, variance: float) -> float:
    """Return the logarithm of the probability that there is nothing, with the same distribution."""
    if variance <= mean * (1 + _NEARLY_POISSON):
        return -mean
    size = mean * mean / (variance - mean)
    return size * math.log(size / (size + mean))
