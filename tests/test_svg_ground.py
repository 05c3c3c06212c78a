"""A drawing has a white ground where transparent pictures are not shown, whatever its shape and its style sheet."""

from __future__ import annotations

import pytest
from lxml import etree

from clothbound.limits import Limits
from clothbound.media.picture_limits import PictureRules
from clothbound.media.svg.ground import lay_on_ground
from clothbound.media.svg.rasterising import rasterise

_BEGIN = '<svg xmlns="http://www.w3.org/2000/svg" '


def is_opaque(svg: str) -> bool:
    picture = rasterise(
        lay_on_ground(svg.encode(), "#fff"), PictureRules(longest_side=90), Limits()
    )
    return picture.convert("RGBA").getchannel("A").getextrema() == (255, 255)


@pytest.mark.parametrize(
    "svg",
    [
        'viewBox="0 0 9 9"/>',
        'viewBox="-4,-4,9,9"/>',
        'width="50" height="30"/>',
        'viewBox="0 0 9 9" width="90" height="5"/>',
        'viewBox="0 0 9 9" width="5" height="90" preserveAspectRatio="xMinYMin"/>',
        'viewBox="123456789 123456789 10 10"/>',
        'viewBox="nan 0 9 inf" width="50" height="30"/>',
        'viewBox="0 0 9 9" fill-opacity="0" visibility="hidden"/>',
        'viewBox="0 0 9 9"><style>rect { opacity: 0; display: none; transform: scale(0) }</style></svg>',
    ],
)
def test_a_ground_fills_the_picture(svg: str) -> None:
    assert is_opaque(_BEGIN + svg)


def test_the_title_stays_the_first_child() -> None:
    made = lay_on_ground(
        f'{_BEGIN}viewBox="0 0 9 9"><title>Kiln</title><g/></svg>'.encode(), "#fff"
    )
    assert [etree.QName(child).localname for child in etree.fromstring(made)] == [
        "title",
        "rect",
        "g",
    ]
