"""Use cases of knowledge: train on labelled posts, and measure how well posts are classified."""
