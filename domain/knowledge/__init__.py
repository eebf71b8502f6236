"""Rules of knowledge: labelled posts, and how well a classifier reads them."""
