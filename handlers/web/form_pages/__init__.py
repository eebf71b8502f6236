"""What the pages with a form for strangers share: style sheet, headers, rate limits, and words."""
