"""The document model: what a post is, whatever it was read from or will be written to.

Inlines stand in ``inlines``, blocks in ``blocks``, a post and a collection in ``post``. Nodes are
frozen: to change a tree, make another (``walk.rewrite``).
"""
