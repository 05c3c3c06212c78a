"""Covers: a picture that the author gave, or one that is drawn from the posts."""
