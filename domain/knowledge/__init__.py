"""Define the rules of knowledge: labelled posts, and how well a classifier reads them."""
