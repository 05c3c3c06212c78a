"""Turns newsletter and blog posts into books."""
