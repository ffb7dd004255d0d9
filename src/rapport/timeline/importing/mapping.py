"""Which column means what: fields with the names under which others know them, and guessing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapport.customers.rules import NAMESPACES
from rapport.timeline.importing.files import Row
from rapport.timeline.importing.problems import BadMapping


@dataclass(frozen=True, slots=True)
class Field:
    """Something a row can tell. ``also`` are other names of it; case and punctuation do not count."""

    name: str
    meaning: str
    also: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What rows of one kind of import can tell. Of the fields in ``any_of``, one at least is needed."""

    what: str
    fields: tuple[Field, ...]
    any_of: tuple[tuple[str, ...], ...] = ()

    def names(self) -> set[str]:
        return {known.name for known in self.fields}


def _field(name: str, meaning: str, also: str = "", *, needed: bool = False) -> Field:
    return Field(name, meaning, tuple(also.split()), needed)


IDENTITY_FIELDS: tuple[Field, ...] = (
    _field(
        "user_id",
        "The customer's account or number",
        "customer_id customer_number customer_no customer cust_id customerid client_id account_id member_id"
        " shopper_id buyer_id uid user username userid identity_user distinct_id",
    ),
    _field("email", "Email address", "e_mail mail email_address customer_email user_email"),
    _field(
        "phone",
        "Phone number",
        "phone_number telephone tel mobile mobile_number cell msisdn customer_phone contact_number",
    ),
    _field("whatsapp", "WhatsApp number", "whatsapp_number wa_id"),
    _field("loyalty_card", "Loyalty card", "loyalty_number loyalty_id card_number membership_number"),
    _field("anonymous_id", "Browser or device", "visitor_id cookie_id session_id"),
    _field("device_id", "Device", "device"),
)
IDENTITY_NAMES = tuple(known.name for known in IDENTITY_FIELDS)
CUSTOMER_FIELDS: tuple[Field, ...] = (
    *IDENTITY_FIELDS,
    _field("namespace", "Kind of the identity beside it", "identity_namespace"),
    _field("identity", "An identity of that kind", "identity_value"),
    _field("customer_name", "Name", "full_name client_name buyer_name first_and_last_name"),
    _field("language", "Language", "lang locale customer_language"),
    _field("country", "Country (ISO 3166)", "country_code customer_country"),
    _field("town", "Town", "city customer_city customer_town"),
)
_AT = _field(
    "at",
    "When",
    "date time datetime timestamp created created_at occurred_at happened_at order_date purchase_date"
    " invoice_date event_time event_date sent_at time_timestamp original_timestamp placed_at ordered_at day",
    needed=True,
)
_ID = _field("id", "The row's own id", "event_id message_id row_id transaction_id uuid seq")
_CHANNEL = _field("channel", "Channel", "source_channel medium sales_channel")

EVENTS = Shape(
    "events",
    (
        _AT,
        _field(
            "kind",
            "What happened",
            "concept_name event event_type event_name type action activity name",
            needed=True,
        ),
        _ID,
        _CHANNEL,
        _field("subject_kind", "Kind of what it is about", "subject.kind object_type"),
        _field("subject", "What it is about", "subject.id subject_id case case_id object_id"),
        _field("resource", "Who did it", "org_resource agent performer employee"),
        _field("workspace", "Workspace it was exported from", "workspace_id"),
        _field("data", "What the event carries", "properties"),
        *CUSTOMER_FIELDS,
    ),
    any_of=((*IDENTITY_NAMES, "identity", "subject"),),
)
ORDERS = Shape(
    "orders",
    (
        _AT,
        _field(
            "order",
            "Order number",
            "order_id order_number order_no invoice invoice_no invoice_number receipt receipt_no basket_id",
        ),
        _field(
            "amount",
            "Amount",
            "amount_minor total price value revenue sales dollar_value dollars order_total total_price"
            " grand_total amount_paid net_amount gross_amount spend",
        ),
        _field(
            "quantity", "How many", "qty units items count number_of_items number_of_cds cds num_products"
        ),
        _field("unit_price", "Price of one", "unitprice price_each item_price price_per_unit"),
        _field("currency", "Currency (ISO 4217)", "currency_code"),
        _field("product", "Product number", "sku stock_code product_id item_id article"),
        _field("product_name", "Product", "description item item_name product_title"),
        _field("status", "Status", "order_status state"),
        _ID,
        _CHANNEL,
        *CUSTOMER_FIELDS,
    ),
    any_of=((*IDENTITY_NAMES, "identity"), ("amount", "unit_price")),
)
CONVERSATIONS = Shape(
    "conversations",
    (
        _field(
            "conversation",
            "Which conversation",
            "conversation_id case case_id ticket ticket_id ticket_number thread thread_id convo_id issue_id",
            needed=True,
        ),
        _AT,
        _field("text", "What was said", "body message content comment utterance description"),
        _field("activity", "What was done", "concept_name event step"),
        _field(
            "direction", "From or to the customer", "inbound incoming sender_type author_type role speaker"
        ),
        _field(
            "author", "Who wrote or did it", "org_resource resource author_name sender agent from from_name"
        ),
        _field("subject", "What it is about", "title topic summary"),
        _field("reason", "Why they got in touch", "category contact_reason intent"),
        _field("status", "Status at the end", "conversation_status ticket_status"),
        _ID,
        *CUSTOMER_FIELDS,
    ),
    any_of=(("text", "activity"),),
)
#: What a column of orders that says "amount_minor" holds is not in major units.
MINOR = "amount_minor"

_SQUASH = re.compile(r"[^0-9a-z]+")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$", re.IGNORECASE)
_PHONE = re.compile(r"^\+\d[\d ()\-]{7,18}$")
_DATE = re.compile(r"^(19|20)\d{2}-?[01]\d-?[0-3]\d([ T].*)?$|^\d{1,2}[/.]\d{1,2}[/.](19|20)\d{2}( .*)?$")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Where each field comes from: a column, or one value for all rows."""

    columns: Mapping[str, str]
    constants: Mapping[str, str] = field(default_factory=dict)
    #: The fields that recognise the customer, the surest first; ``ext:…`` last.
    identities: tuple[str, ...] = field(init=False)
    taken: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        named = [*self.columns, *self.constants]
        known = [name for name in IDENTITY_NAMES if name in named]
        further = sorted(name for name in named if name.startswith("ext:"))
        object.__setattr__(self, "identities", (*known, *further))
        object.__setattr__(self, "taken", frozenset(self.columns.values()))

    def has(self, name: str) -> bool:
        return name in self.columns or name in self.constants

    def value(self, row: Row, name: str) -> Any:
        """What the row says about a field; an empty text when nothing."""
        column = self.columns.get(name)
        found = row.values.get(column) if column is not None else None
        if found is None or found == "":
            return self.constants.get(name, "")
        return found

    def rest(self, row: Row) -> list[str]:
        """The columns of a row that are no field."""
        return [column for column in row.values if column not in self.taken]


def guess(
    shape: Shape,
    rows: Sequence[Row],
    *,
    columns: Iterable[str],
    given: Mapping[str, str],
    constants: Mapping[str, str],
    complete: bool = True,
) -> ColumnMap:
    """The mapping of ``columns``, from what is given, then from names, then from the values of ``rows``.

    ``given`` is field → column; an empty column means that the field is not taken from anywhere. With
    ``complete`` false, ``columns`` are those seen so far and others may follow. Raises ``BadMapping``.
    """
    there = list(dict.fromkeys(columns))
    _refuse_unknown(shape, given, constants, there if complete else None)
    chosen = {name: column for name, column in given.items() if column}
    free = [column for column in there if column not in chosen.values()]
    for known in shape.fields:
        if known.name in given or known.name in constants:
            continue
        column = _by_name(known, free)
        if column is not None:
            chosen[known.name] = column
            free.remove(column)
    for name, looks in (("at", _DATE), ("email", _EMAIL), ("phone", _PHONE)):
        if name not in chosen and name not in given and name not in constants and name in shape.names():
            column = _by_value(looks, rows, free)
            if column is not None:
                chosen[name] = column
                free.remove(column)
    found = ColumnMap(chosen, dict(constants))
    _refuse_incomplete(shape, found, there)
    return found


def is_field(shape: Shape, name: str) -> bool:
    return name in shape.names() or (name.startswith("ext:") and 4 < len(name) <= 40)


def namespace_of(name: str) -> str:
    """The namespace a field's value belongs to; fields of identities are called like theirs."""
    if name in NAMESPACES or name.startswith("ext:"):
        return name
    raise BadMapping(f"there is no kind of identity called {name}")


def _squashed(name: str) -> str:
    return _SQUASH.sub("", name.lower())


def _by_name(known: Field, free: Sequence[str]) -> str | None:
    squashed = {_squashed(column): column for column in reversed(free)}
    return next(
        (squashed[name] for name in map(_squashed, (known.name, *known.also)) if name in squashed), None
    )


def _by_value(looks: re.Pattern[str], rows: Sequence[Row], free: Sequence[str]) -> str | None:
    """The one column whose filled values all look so; none when two do."""
    fitting = []
    for column in free:
        values = [str(row.values[column]).strip() for row in rows if row.values.get(column)]
        if values and all(looks.match(value) for value in values):
            fitting.append(column)
    return fitting[0] if len(fitting) == 1 else None


def _refuse_unknown(
    shape: Shape, given: Mapping[str, str], constants: Mapping[str, str], columns: Sequence[str] | None
) -> None:
    for name in (*given, *constants):
        if not is_field(shape, name):
            raise BadMapping(
                f"{shape.what} have no field {name}; they have {', '.join(sorted(shape.names()))} and ext:…"
            )
    for name, column in given.items():
        if column and columns is not None and column not in columns:
            raise BadMapping(f"there is no column {column} for {name}; there are {', '.join(columns)}")


def _refuse_incomplete(shape: Shape, found: ColumnMap, columns: Sequence[str]) -> None:
    there = f"the columns are {', '.join(columns) or 'none'}"
    for known in shape.fields:
        if known.needed and not found.has(known.name):
            raise BadMapping(f"no column for {known.name}; {there}; say --map {known.name}=COLUMN")
    for choice in shape.any_of:
        if not any(found.has(name) for name in choice) and not (
            "email" in choice and any(name.startswith("ext:") for name in (*found.columns, *found.constants))
        ):
            wanted = "the customer" if "email" in choice else " or ".join(choice)
            raise BadMapping(f"no column for {wanted}; {there}; say --map {choice[0]}=COLUMN")
