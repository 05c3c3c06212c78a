"""Combines the settings of the command line with those of a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from ..fields import given, make_struct
from ..model.book_info import BookInfo
from .order import Order
from .select import Select


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """The values that were given, by the names of their settings. They override those of a file."""

    select: Mapping[str, Any] = {}
    info: Mapping[str, Any] = {}
    order: Mapping[str, Any] = {}

    @classmethod
    def of(cls, select: Select, info: BookInfo, order: Order) -> Wishes:
        """Returns the values that differ from the defaults."""
        return cls(select=given(select), info=given(info), order=given(order))

    def over(self, others: Wishes) -> Wishes:
        """Returns these wishes, completed by ``others``."""
        return Wishes(
            select={**others.select, **self.select},
            info={**others.info, **self.info},
            order={**others.order, **self.order},
        )

    def make_select(self) -> Select:
        return make_struct(Select, self.select)

    def make_info(self) -> BookInfo:
        return make_struct(BookInfo, self.info)

    def make_order(self) -> Order:
        return make_struct(Order, self.order)
