"""The document model: posts, independent of the formats that they are read from and written to.

``inlines`` and ``blocks`` define the nodes, ``post`` a post, ``collection`` a collection. Nodes are frozen:
``walk.rewrite`` makes a changed copy of a tree.
"""
