"""Rows as orders: one row each, or several lines of one number brought together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from rapport.customers.bulk import Somebody
from rapport.kernel.money import MoneyError, minor_digits
from rapport.timeline import events
from rapport.timeline.importing import values
from rapport.timeline.importing.drafts import Draft
from rapport.timeline.importing.events import add_extras
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.mapping import MINOR, ColumnMap
from rapport.timeline.importing.people import somebody
from rapport.timeline.importing.problems import RowRefused
from rapport.timeline.importing.values import Reading

_RETURNED = frozenset({"cancelled", "canceled", "returned", "refunded", "void", "return", "refund"})
# Invoice numbers of many tills: C536379 takes back 536379.
_CREDIT_NOTE = re.compile(r"^C\d+$")
_MOST_ITEMS = 100


class OrderRefused(Exception):
    """An order of several lines cannot be taken in: a reason for each line."""

    def __init__(self, reasons: dict[int, str]) -> None:
        super().__init__("; ".join(reasons.values()))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class _Line:
    row: Row
    at: datetime
    person: Somebody
    amount: Decimal
    currency: str
    quantity: Decimal | None
    item: dict[str, Any]
    is_return: bool


class OrderReader:
    """Turns rows into drafts of ``order.placed`` and ``order.returned``."""

    def __init__(self, *, mapping: ColumnMap, reading: Reading) -> None:
        self._mapping = mapping
        self._reading = reading
        self.by_number = mapping.has("order")

    def number(self, row: Row) -> str:
        """The order's number. Raises ``RowRefused`` when the row has none."""
        found = values.line(self._mapping.value(row, "order"), max_chars=120, what="order")
        if not found:
            raise RowRefused("no order number")
        return found

    def moment(self, row: Row) -> datetime:
        return values.moment(self._mapping.value(row, "at"), self._reading)

    def draft(self, row: Row) -> Draft:
        """One row as an order of its own. Raises ``RowRefused``."""
        number = self.number(row) if self.by_number else ""
        return self._order(number, [self._line(row)])

    def draft_of_lines(self, number: str, rows: Sequence[Row]) -> Draft:
        """All lines of one number as one order. An order is whole or refused: raises ``OrderRefused``."""
        lines: list[_Line] = []
        wrong: dict[int, str] = {}
        for row in rows:
            try:
                line = self._line(row)
                if lines and line.person.marks != lines[0].person.marks:
                    raise RowRefused(
                        f"names another customer than line {lines[0].row.line} of order {number}"
                    )
                if lines and line.currency != lines[0].currency:
                    raise RowRefused(f"has another currency than line {lines[0].row.line} of order {number}")
                lines.append(line)
            except RowRefused as error:
                wrong[row.line] = str(error)
        if wrong:
            first = next(iter(wrong))
            rest = f"belongs to order {number}, whose line {first} was refused"
            raise OrderRefused({row.line: wrong.get(row.line, rest) for row in rows})
        try:
            return self._order(number, lines)
        except RowRefused as error:
            raise OrderRefused({row.line: str(error) for row in rows}) from error

    def _line(self, row: Row) -> _Line:
        value = self._mapping.value
        at = self.moment(row)
        person = somebody(row, self._mapping, at=at, reading=self._reading)
        if person is None:
            raise RowRefused("no customer")
        currency = str(value(row, "currency")).strip().upper() or self._reading.currency
        quantity_text = str(value(row, "quantity")).strip()
        quantity = values.number(quantity_text) if quantity_text else None
        amount = self._amount(row, currency, quantity)
        return _Line(
            row, at, person, amount, currency, quantity, self._item(row, quantity), self._is_return(row)
        )

    def _amount(self, row: Row, currency: str, quantity: Decimal | None) -> Decimal:
        """In major units; of a price and a quantity not yet rounded, so that sums of lines come out right."""
        try:
            digits = minor_digits(currency)
        except MoneyError as error:
            raise RowRefused(str(error)) from error
        value = self._mapping.value
        if self._mapping.has("amount"):
            if self._mapping.columns.get("amount") == MINOR:
                minor = values.number(value(row, "amount"))
                return minor.scaleb(-digits)
            return values.amount(value(row, "amount"), currency, self._reading).amount
        if not str(value(row, "unit_price")).strip():
            raise RowRefused("no amount")
        return values.priced(
            Decimal(1) if quantity is None else quantity, value(row, "unit_price"), self._reading
        )

    def _item(self, row: Row, quantity: Decimal | None) -> dict[str, Any]:
        value = self._mapping.value
        item: dict[str, Any] = {}
        if sku := values.line(value(row, "product"), max_chars=80, what="product"):
            item["sku"] = sku
        if name := values.line(value(row, "product_name"), max_chars=160, what="product"):
            item["name"] = name
        if quantity is not None:
            item["quantity"] = _plain(quantity)
        return item

    def _is_return(self, row: Row) -> bool:
        return str(self._mapping.value(row, "status")).strip().lower() in _RETURNED

    def _order(self, number: str, lines: Sequence[_Line]) -> Draft:
        total = values.rounded(sum((line.amount for line in lines), Decimal()), lines[0].currency)
        returned = (
            total.minor < 0 or all(line.is_return for line in lines) or bool(_CREDIT_NOTE.match(number))
        )
        first = min(lines, key=lambda line: line.at)
        data: dict[str, Any] = {"amount_minor": abs(total.minor), "currency": total.currency}
        if number:
            data["order"] = number
        if items := [line.item for line in lines if line.item]:
            data["items"] = items[:_MOST_ITEMS]
        counted = [line.quantity for line in lines if line.quantity is not None]
        if counted:
            data["quantity"] = _plain(abs(sum(counted, Decimal())))
        if len(lines) == 1:
            add_extras(data, lines[0].row, self._mapping)
        row = first.row
        return Draft(
            tuple(line.row for line in lines),
            events.ORDER_RETURNED if returned else events.ORDER_PLACED,
            first.at,
            first.person,
            channel=values.line(self._mapping.value(row, "channel"), max_chars=20, what="channel"),
            data=data,
            own_id=number or values.line(self._mapping.value(row, "id"), max_chars=200, what="id"),
        )


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
