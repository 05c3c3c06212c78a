"""pandoc's document tree as JSON, and the vocabulary in which posts are written in it.

The reader and the writer of the format ``pandoc`` share this room.
"""
