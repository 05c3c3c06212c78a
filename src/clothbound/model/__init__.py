"""The document model: a post, independent of the formats that it is read from and written to.

Inlines stand in ``inlines``, blocks in ``blocks``, a post and a collection in ``post``. Nodes are
frozen: to change a tree, make another (``walk.rewrite``).
"""
