"""The list of customers and the page of one."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from rapport.customers import actions, queries
from rapport.customers.permissions import EDIT_CUSTOMERS, SEE_CUSTOMERS
from rapport.kernel.plaintext import TextRejected
from rapport.timeline import queries as log
from rapport.web.customers import kinds
from rapport.web.inbox import context_column
from rapport.web.member_pages import Visit, member_page

FIELDS = ("name", "language", "town")


@require_GET
@member_page(SEE_CUSTOMERS)
def customers(visit: Visit) -> HttpResponse:
    search, cursor = visit.request.GET.get("q", ""), visit.request.GET.get("cursor", "")
    page = queries.customers(visit.actor, search=search, cursor=cursor)
    template = "customers/rows.jinja" if visit.wants_fragment else "customers/list.jinja"
    return visit.page(template, section="customers", page=page, search=search)


@require_GET
@member_page(SEE_CUSTOMERS)
def customer(visit: Visit, customer_id: uuid.UUID) -> HttpResponse:
    found = queries.customer(visit.actor, customer_id)
    if found is None:
        raise Http404("no such customer")
    if found.pk != customer_id:  # merged away: the address still leads to the person
        return redirect(reverse("customer", args=[visit.seat.workspace_slug, found.pk]))
    return _page(visit, found.pk)


@require_GET
@member_page(SEE_CUSTOMERS)
def timeline(visit: Visit, customer_id: uuid.UUID) -> HttpResponse:
    """More of the timeline, or its latest part for a live update."""
    found = queries.customer(visit.actor, customer_id)
    if found is None:
        raise Http404("no such customer")
    shown = kinds.chosen(visit.request.GET.get("show", ""))
    page = log.customer_timeline(
        visit.actor, found.pk, cursor=visit.request.GET.get("cursor", ""), kinds=kinds.of(shown)
    )
    return visit.page("customers/timeline.jinja", page=page, customer=found, shown=shown)


@require_POST
@member_page(EDIT_CUSTOMERS)
def details(visit: Visit, customer_id: uuid.UUID) -> HttpResponse:
    if queries.customer(visit.actor, customer_id) is None:
        raise Http404("no such customer")
    given = {field: visit.request.POST[field] for field in FIELDS if field in visit.request.POST}
    try:
        actions.describe(visit.actor, customer_id, **given)
    except TextRejected as rejected:
        return _page(visit, customer_id, error=str(rejected), status=422)
    return redirect(reverse("customer", args=[visit.seat.workspace_slug, customer_id]))


def _page(visit: Visit, customer_id: uuid.UUID, *, error: str = "", status: int = 200) -> HttpResponse:
    shown = kinds.chosen(visit.request.GET.get("show", ""))
    page = log.customer_timeline(visit.actor, customer_id, kinds=kinds.of(shown))
    column = context_column.of_customer(visit.actor, customer_id)
    return visit.page(
        "customers/customer.jinja",
        section="customers",
        status=status,
        page=page,
        shown=shown,
        groups=kinds.GROUPS,
        error=error,
        **column,
    )
