"""Readers of the archives that platforms give their authors, one module or folder for each.

A new one takes ``medium`` for its model, the shortest. Substack's has ``readers/substack.py``, since it is read as it
is written here.
"""
