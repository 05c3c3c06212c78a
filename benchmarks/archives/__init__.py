"""Counts the posts of archives without clothbound."""
