"""Covers: the author's picture, or one that is drawn from the posts."""
