"""The upload kit: all files that Kindle Direct Publishing asks for, made from one book.

The kit holds the interior of the printed book, its cover with a spine as wide as the pages need, the Kindle
book, its cover, and a sheet with the answers to the store's forms.
"""
