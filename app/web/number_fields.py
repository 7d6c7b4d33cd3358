"""Number fields of forms that take numbers only."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wtforms import DecimalField


class FiniteDecimalField(DecimalField):
    """A decimal number: Python would take "NaN", "sNaN" and "Infinity" for one, too."""

    data: Any

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        given: object = self.data
        if isinstance(given, Decimal) and not given.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))
