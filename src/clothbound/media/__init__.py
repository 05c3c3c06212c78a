"""Fits pictures to a target: in its types, upright, in sRGB, no larger than it takes."""
