"""Use cases of replies: public and private answers, from the form to the result."""
