"""Define what a language model does for an agent: rewrite, translate, summarise, read pictures."""
