"""Substack's format, shared by its readers and writers."""
