"""How much one visitor, and one network address, may ask of the widget.

Whole towns share one address behind a mobile carrier, so the rates per address are wide and the rates per
visitor narrow.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings

from rapport.kernel.limits import Limiter, register

register("widget.session", "30/minute")
register("widget.message", "30/minute")
register("widget.typing", "60/minute")
register("widget.receipt", "120/minute")
register("widget.answer", "20/minute")
register("widget.read", "60/minute")
register("widget.stream", "30/minute")
register("widget.newcomer_from_address", "300/hour")
register("widget.write_from_address", "600/minute")
register("widget.read_from_address", "1200/minute")

#: Counts of this process.
limiter = Limiter()


def address_of(remote: str, header: Callable[[str], str]) -> str:
    """The network address a request comes from.

    ``header`` gives a request header by name, empty when absent. ``X-Forwarded-For`` is believed for as many
    proxies as the setting ``trusted_proxies`` names; anything further left was written by the sender.
    """
    trusted = settings.OPTIONS.trusted_proxies
    if trusted:
        hops = [hop.strip() for hop in header("X-Forwarded-For").split(",") if hop.strip()]
        if len(hops) >= trusted:
            return hops[-trusted]
    return remote or "unknown"
