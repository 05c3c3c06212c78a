"""Checks a finished EPUB, whoever made it, against the rules of a destination.

epubcheck says whether a file is valid, but stores refuse valid files too. Each fault names the file
within the book, or the post that it was made from, and says how to correct the fault.
"""

from .checks import check_epub
from .source_post import SourcePost

__all__ = ["SourcePost", "check_epub"]
