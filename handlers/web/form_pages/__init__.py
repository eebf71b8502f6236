"""Share what the pages with a form for strangers need: style sheet, headers, rate limits, and words."""
