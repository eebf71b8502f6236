"""Reports: periods, filters, and the figures of a period."""
