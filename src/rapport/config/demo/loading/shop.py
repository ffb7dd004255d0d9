"""What the shop itself reports: visits, orders, payments, deliveries, mailings."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from rapport.config.demo.company import Company, Event, Json, Product
from rapport.config.demo.loading.chronicle import SYSTEM, Chronicle, by_customer
from rapport.config.demo.loading.house import CURRENCY
from rapport.config.demo.loading.ids import DEMO_ID
from rapport.config.demo.loading.people import People
from rapport.kernel.ids import name_id
from rapport.timeline import events
from rapport.timeline.importing.drafts import CUSTOMER_ACTS

#: Amounts carry their unit in their name, as everywhere in the log.
_MINOR = {"amount": "amount_minor", "price": "price_minor"}
_BY_CUSTOMER = CUSTOMER_ACTS | {events.ACCOUNT_CLOSED}


def report(company: Company, chronicle: Chronicle, people: People) -> None:
    """Tell all events of the shop."""
    shelf = {product.sku: product for product in company.products}
    for event in company.events:
        identity = people.identities[event.identity]
        order = event.data.get("order")
        chronicle.tell(
            event.kind,
            event.at,
            doer=by_customer(identity) if event.kind in _BY_CUSTOMER else SYSTEM,
            subject=("order", order_id(str(order))) if order else ("", None),
            identity_id=identity,
            channel=event.channel,
            data={**_data(event, company, shelf), "brand": company.brands[event.brand].key},
        )


def order_id(number: str) -> uuid.UUID:
    """By which events and surveys name an order of the demo company."""
    return name_id(DEMO_ID, f"order:{number}")


def _data(event: Event, company: Company, shelf: Mapping[str, Product]) -> dict[str, Any]:
    data: dict[str, Any] = {_MINOR.get(key, key): value for key, value in event.data.items()}
    if event.kind == events.PRODUCT_VIEWED:
        data |= {"product": shelf[data["sku"]].name, "currency": CURRENCY}
    elif event.kind == events.ORDER_PLACED:
        owner = company.identities[event.identity].customer
        data["items"] = [_item(item, shelf) for item in data["items"]]
        if owner is not None:
            data["tier"] = company.customers[owner].tier
    elif event.kind == events.ORDER_DELIVERED:
        late = date.fromisoformat(data["delivered"]) - date.fromisoformat(data["promised"])
        data["days_late"] = late.days
    return data


def _item(item: dict[str, Json], shelf: Mapping[str, Product]) -> dict[str, Any]:
    renamed: dict[str, Any] = {_MINOR.get(key, key): value for key, value in item.items()}
    return {**renamed, "name": shelf[renamed["sku"]].name}
