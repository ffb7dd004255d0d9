"""A small shop of the demo company, to see the widget as a customer does.

It exists for demo workspaces only (and in developer's mode): it signs in whoever is asked for.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from rapport.channels.chat import claims, queries
from rapport.channels.chat.models import ChatSite
from rapport.channels.chat.rules import LANGUAGES, spoken
from rapport.widget.assets import asset
from rapport.widget.exchange import Refused, address, answer, endpoint, read_body
from rapport.widget.limits import limiter
from rapport.widget.pages import plain_page, policy, rendered
from rapport.widget.strings import direction


@dataclass(frozen=True, slots=True)
class Product:
    """Something on the shelf; ``art`` names its drawing in the template, the price is in Kenyan shillings."""

    name: str
    note: str
    price: int
    art: str


SHELF = (
    Product("Kiondo basket", "Woven in Kitui from sisal, leather straps", 2_450, "kiondo"),
    Product("Kikoi wrap", "Hand-loomed cotton from the coast", 1_200, "kikoi"),
    Product("Enamel teapot", "For chai that feeds six", 1_850, "teapot"),
    Product("Maasai beads", "Collar necklace, made in Kajiado", 1_600, "beads"),
    Product("Soapstone bowl", "Carved in Tabaka, Kisii", 2_100, "bowl"),
    Product("AA coffee, 500 g", "Washed, Nyeri highlands", 950, "coffee"),
)
#: When the demo company has no named customers yet.
_STAND_INS = (
    queries.Shopper("shop-akinyi", "Akinyi Ouma"),
    queries.Shopper("shop-kamau", "Peter Kamau"),
)


class IdentityBody(msgspec.Struct):
    subject: str


@require_safe
def shop(request: HttpRequest) -> HttpResponse:
    """The shop's page with the widget embedded as any page would embed it."""
    try:
        site = _site()
    except queries.NoSuchSite:
        return plain_page("no_demo", status=404)
    nonce = secrets.token_urlsafe(16)
    theme = request.GET.get("theme", "")
    language = spoken(request.GET.get("lang", "")[:20]) or ""
    body = rendered(
        "widget/shop.html",
        {
            "site": site,
            "brand": site.account.brand.name,
            "shelf": SHELF,
            "shoppers": _shoppers(site),
            "languages": list(LANGUAGES),
            "language": language,
            "direction": direction(language or "en"),
            "theme": theme if theme in {"light", "dark"} else "auto",
            "nonce": nonce,
            "css": asset("shop.css").versioned,
            "js": asset("shop.js").versioned,
        },
    )
    response = HttpResponse(body)
    response["Content-Security-Policy"] = (
        policy(nonce, frame_ancestors=["'none'"]) + "; frame-src 'self'; style-src-attr 'none'"
    )
    response["Cache-Control"] = "no-store"
    return response


@endpoint
def identity(request: HttpRequest) -> HttpResponse:
    """What a shop's own server would do after a sign-in: sign a JWT for the customer."""
    limiter.hit("widget.read_from_address", address(request))
    body = read_body(request, IdentityBody)
    site = _site()
    shopper = next((one for one in _shoppers(site) if one.subject == body.subject), None)
    if shopper is None:
        raise Refused(404, "no_such_shopper", "this shop does not know that customer")
    token = claims.sign({"sub": shopper.subject, "name": shopper.name}, audience=site.key, secret=site.secret)
    return answer({"jwt": token, "name": shopper.name})


def _site() -> ChatSite:
    return queries.demo_site(only_demo=not settings.DEBUG)


def _shoppers(site: ChatSite) -> list[queries.Shopper]:
    return queries.demo_shoppers(site) or list(_STAND_INS)
