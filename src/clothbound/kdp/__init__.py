"""The upload kit: all files that Kindle Direct Publishing asks for, from one book and one page count.

The inside of the paperback, its cover with a spine of the right width, the Kindle book, its cover, and
a sheet with what the forms ask. It is put together from the products of several writers, so it stands
above the verbs that make them.
"""
