"""Whether a port can be listened on, and who has it when not."""

from __future__ import annotations

import contextlib
import errno
import socket
import time

import psutil

from rapport.config.trouble import Trouble


class PortTaken(Trouble):
    """Another program listens on the port."""


def refuse_taken_port(host: str, port: int, *, wait_seconds: float = 0.0) -> None:
    """Return when ``port`` of ``host`` is free. ``wait_seconds``: a killed server's last worker needs a
    moment to notice. Raises ``PortTaken`` or ``Trouble`` with one line."""
    deadline = time.monotonic() + wait_seconds
    while _taken(host, port):
        if time.monotonic() > deadline:
            raise PortTaken(
                f"port {port} is taken{_by(port)}; end that program or choose another port, "
                f"such as PORT={port + 1 if port < 65535 else port - 1}"
            )
        time.sleep(0.1)


def _taken(host: str, port: int) -> bool:
    try:
        families = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise Trouble(f"RAPPORT_HOST={host}: {error.strerror}") from error
    family, kind, protocol, _, address = families[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            return _is_taken(error, host, port)
    return _answers(host, port)


def _answers(host: str, port: int) -> bool:
    """BSD lets a second program bind a more specific address of the same port: so also knock."""
    target = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    with contextlib.suppress(OSError), socket.create_connection((target, port), timeout=0.5):
        return True
    return False


def _is_taken(error: OSError, host: str, port: int) -> bool:
    if error.errno == errno.EADDRINUSE:
        return True
    if error.errno == errno.EACCES:
        raise Trouble(
            f"port {port} may only be used by root; choose one above 1023, such as PORT=8000"
        ) from error
    if error.errno == errno.EADDRNOTAVAIL:
        raise Trouble(f"RAPPORT_HOST={host} is no address of this machine") from error
    raise Trouble(f"cannot listen on {host}:{port}: {error.strerror}") from error


def _by(port: int) -> str:
    """ " by nginx (process 12)", or nothing when the system does not tell."""
    try:
        for connection in psutil.net_connections(kind="tcp"):
            listens = connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
            if listens and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (process {connection.pid})"
    except (psutil.Error, OSError):
        pass
    return " by another program"
