"""Reads the export of Ghost: one JSON file, or a ZIP or folder that holds it with the pictures.

``reader`` is asked and finds the file, ``signs`` tells it by its first bytes, ``tables`` decodes what is read of it, and
``posts`` makes metadata and HTML of each row. ``lexical``, ``mobiledoc`` and ``markdown_text`` write HTML where the export
has none; ``html_cards`` and ``card_data`` find the parts of cards in HTML and in the editors' data, ``cards`` writes them
in clothbound's own markup, and ``story`` converts a post.
"""
