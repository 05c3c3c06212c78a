"""Transformations of objects of a page, and the outlines that they are clipped to."""

from __future__ import annotations

import ctypes
from typing import Any, TypeAlias

from .face_files import Box

Matrix: TypeAlias = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiply(inner: Matrix, outer: Matrix) -> Matrix:
    """Returns the transformation by ``inner`` and then by ``outer``."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u,
    )  # fmt: skip


def apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """Returns where a point is moved to."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def clip_of(handle: Any, outer: Matrix) -> Box | None:
    """Returns the box around the outlines that an object is clipped to; None where nothing clips it."""
    from pypdfium2 import raw

    clip = raw.FPDFPageObj_GetClipPath(handle)
    count = raw.FPDFClipPath_CountPaths(clip) if clip else 0
    found: Box | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for path in range(max(count, 0)):
        points = []
        for number in range(max(raw.FPDFClipPath_CountPathSegments(clip, path), 0)):
            raw.FPDFPathSegment_GetPoint(raw.FPDFClipPath_GetPathSegment(clip, path, number), x, y)
            points.append(apply(outer, x.value, y.value))
        if points:
            xs, ys = [a for a, _ in points], [b for _, b in points]
            box = (min(xs), min(ys), max(xs), max(ys))
            found = clipped(box, found)
    return found


def clipped(box: Box, clip: Box | None) -> Box:
    """Returns what a clip leaves of a box."""
    if clip is None:
        return box
    left, bottom = max(box[0], clip[0]), max(box[1], clip[1])
    return (left, bottom, max(min(box[2], clip[2]), left), max(min(box[3], clip[3]), bottom))
