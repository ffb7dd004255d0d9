"""Which addresses of the network this server may be talked into reaching.

Whoever can make us connect (a webhook, a link preview, a mail server's name) must not reach our own
network. Python's `ip_address(x).is_global` is not enough: in 3.11 it is true for NAT64, 6to4, multicast and
site-local addresses, all of which can lead home.
"""

import queue
import socket
import threading
from collections.abc import Callable, Iterable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
Resolver = Callable[[str, int], Sequence[str]]

# IANA special-purpose registries (RFC 6890 and its updates), and one address that is public by number and
# private by use.
_CLOSED: tuple[tuple[Network, str], ...] = tuple(
    (ip_network(network), name)
    for network, name in [
        ("0.0.0.0/8", "this network"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "Azure's host service"),
        ("169.254.0.0/16", "link-local, cloud metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT"),
        ("192.88.99.0/24", "6to4 relays"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "local NAT64"),
        ("2001::/23", "Teredo, protocol assignments"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "site-local"),
        ("ff00::/8", "multicast"),
    ]
)
# Everything outside is unassigned or special: IANA has given out global unicast addresses from here only.
_GLOBAL_V6 = IPv6Network("2000::/3")
_ISATAP_MARKS = (0x0000_5EFE, 0x0200_5EFE)
_MOST_ADDRESSES = 16


class AddressRefused(Exception):
    """The name leads to an address that must not be reached."""


class NameUnknown(Exception):
    """The name leads nowhere."""


class ResolveTimedOut(Exception):
    """The name servers did not answer in time."""


def why_closed(address: Address, *, allowed: Iterable[Network] = ()) -> str | None:
    """What kind of closed address this is, or None when it may be reached.

    `allowed` names networks that the owner of this server opened. Opening an IPv6 network never opens the
    IPv4 addresses it could translate to.
    """
    if any(address in network for network in allowed):
        return _why_inner_closed(address, allowed=allowed)
    for network, name in _CLOSED:
        if address in network:
            return name
    if isinstance(address, IPv6Address):
        if address not in _GLOBAL_V6:
            return "reserved"
        if int(address) >> 32 & 0xFFFF_FFFF in _ISATAP_MARKS:
            return "ISATAP"
    return None


def resolve_checked(
    host: str, port: int, *, resolve: Resolver, timeout: float, allowed: Iterable[Network] = ()
) -> list[Address]:
    """Resolve the name once and return its addresses, every one of which may be reached.

    One closed address refuses the whole name: honest names do not mix. Connect to what is returned, never
    to the name again. Raises `AddressRefused`, `NameUnknown` or `ResolveTimedOut` (`timeout` in seconds).
    """
    opened = tuple(allowed)
    addresses: list[Address] = []
    for text in _resolved(host, port, resolve=resolve, timeout=timeout):
        address = ip_address(text)
        if reason := why_closed(address, allowed=opened):
            raise AddressRefused(f"{host} leads to {address}, which is not on the public internet ({reason})")
        if address not in addresses:
            addresses.append(address)
    if not addresses:
        raise NameUnknown(f"{host} has no address")
    return addresses[:_MOST_ADDRESSES]


def system_resolver(host: str, port: int) -> Sequence[str]:
    """The addresses the machine's resolver knows for a name, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for _family, _kind, _protocol, _name, sockaddr in found]


def _why_inner_closed(address: Address, *, allowed: Iterable[Network]) -> str | None:
    inner = _embedded_v4(address)
    if inner is None or any(inner in network for network in allowed):
        return None
    return why_closed(inner)


def _embedded_v4(address: Address) -> IPv4Address | None:
    if isinstance(address, IPv4Address):
        return None
    if address in IPv6Network("64:ff9b::/96"):
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour


def _resolved(host: str, port: int, *, resolve: Resolver, timeout: float) -> Sequence[str]:
    # getaddrinfo cannot be interrupted, so it runs in a thread of its own that is left behind when it is
    # late (the system's resolver gives up by itself, usually within half a minute).
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        answer = answers.get(timeout=max(timeout, 0.001))
    except queue.Empty as error:
        raise ResolveTimedOut(f"looking up {host} took too long") from error
    if isinstance(answer, Exception):
        raise NameUnknown(f"{host} cannot be found ({answer})") from answer
    return answer
