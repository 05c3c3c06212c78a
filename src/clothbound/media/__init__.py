"""Fits pictures to a target: in its types, upright, in sRGB, no larger than it takes."""

from .converter import Converter
from .decode import is_readable
from .picture_limits import Converted, PictureRules

__all__ = ["Converted", "Converter", "PictureRules", "is_readable"]
