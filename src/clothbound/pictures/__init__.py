"""Pictures made fit for a target: its types, upright, in sRGB, no larger than it takes."""

from .convert import convert
from .converter import Converter
from .decode import measure
from .rules import Converted, PictureRules

__all__ = ["Converted", "Converter", "PictureRules", "convert", "measure"]
