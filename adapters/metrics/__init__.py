"""Expose measurements in the text format of Prometheus."""

from adapters.metrics.prometheus import CONTENT_TYPE, Metrics

__all__ = ["CONTENT_TYPE", "Metrics"]
