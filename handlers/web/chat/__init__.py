"""The live chat that customers see: a page, its files, and the few requests that it makes."""
