"""A finished EPUB held against the rules of a destination, whoever made it.

epubcheck says whether a file is valid; stores refuse valid ones too. Each finding names the file
within the book, or the post that it was made from, and how to mend it.
"""

from .checks import examine
from .source_post import SourcePost

__all__ = ["SourcePost", "examine"]
