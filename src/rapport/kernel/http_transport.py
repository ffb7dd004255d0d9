"""The wire under `rapport.kernel.http`: checked addresses, one deadline, typed errors."""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpcore
import httpx

from rapport.kernel.addresses import (
    Address,
    AddressRefused,
    NameUnknown,
    Network,
    Resolver,
    ResolveTimedOut,
    resolve_checked,
)

Connector = Callable[[Address, int, float], socket.socket]

_WRITE_PIECE = 16 * 1024
# Names as DNS carries them (after IDNA), underscores included, and IPv4 and IPv6 addresses.
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,255}", re.ASCII)


class HttpError(Exception):
    """An exchange that brought no answer; the message is for a person."""


class Refused(HttpError):
    """We will not send this: the address, port or form is not allowed."""


class TooLarge(HttpError):
    """The answer is larger than the cap."""


class TimedOut(HttpError):
    """The other side, or its name server, was too slow."""


class Unreachable(HttpError):
    """No connection, a broken connection, a wrong certificate, or an answer that is not HTTP."""


class Deadline:
    """The time left for a whole exchange, and the limits of its single steps; all in seconds."""

    def __init__(
        self,
        *,
        total: timedelta,
        connect: timedelta,
        read: timedelta,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._ends = monotonic() + total.total_seconds()
        self._connect, self._read = connect.total_seconds(), read.total_seconds()

    def for_connect(self) -> float:
        """Seconds one connection (or look-up) may take; raises `TimedOut` when none are left."""
        return self._at_most(self._connect)

    def for_bytes(self) -> float:
        """Seconds one wait for bytes may take; raises `TimedOut` when none are left."""
        return self._at_most(self._read)

    def _at_most(self, step: float) -> float:
        left = self._ends - self._monotonic()
        if left <= 0:
            raise TimedOut("the other server took too long for the whole answer")
        return min(step, left)


def system_connector(address: Address, port: int, timeout: float) -> socket.socket:
    """A TCP connection to exactly that address."""
    return socket.create_connection((str(address), port), timeout)


class GuardedTransport(httpx.BaseTransport):
    """An httpx transport for one exchange, whose connections all pass the guard."""

    def __init__(
        self,
        *,
        deadline: Deadline,
        allowed_networks: Iterable[Network],
        ports: frozenset[int],
        resolve: Resolver,
        connector: Connector,
        ssl_context: ssl.SSLContext,
    ) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=ssl_context,
            max_keepalive_connections=0,
            retries=0,
            network_backend=_GuardedNetwork(
                deadline=deadline,
                allowed_networks=tuple(allowed_networks),
                ports=ports,
                resolve=resolve,
                connector=connector,
            ),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not isinstance(request.stream, httpx.SyncByteStream):
            raise Refused("only requests with a ready body can be sent")
        with _engine_errors():
            answer = self._pool.handle_request(
                httpcore.Request(
                    method=request.method,
                    url=httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=request.url.raw_path,
                    ),
                    headers=request.headers.raw,
                    content=request.stream,
                    extensions=request.extensions,
                )
            )
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        with _engine_errors():
            yield from self._answer.iter_stream()

    def close(self) -> None:
        self._answer.close()


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Turns the engine's errors into ours."""
    try:
        yield
    except httpcore.TimeoutException as error:
        raise TimedOut("the other server took too long") from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise Refused(f"that request cannot be sent: {error}") from error
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise Unreachable(f"the other server cannot be reached: {error}") from error


class _GuardedNetwork(httpcore.NetworkBackend):
    def __init__(
        self,
        *,
        deadline: Deadline,
        allowed_networks: tuple[Network, ...],
        ports: frozenset[int],
        resolve: Resolver,
        connector: Connector,
    ) -> None:
        self._deadline = deadline
        self._allowed_networks = allowed_networks
        self._ports = ports
        self._resolve = resolve
        self._connector = connector

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Any = None,
    ) -> httpcore.NetworkStream:
        if not _HOST.fullmatch(host):
            raise Refused(f"{host[:100]!r} is not the name of a server")
        if port not in self._ports:
            raise Refused(f"port {port} of {host} is not allowed")
        failure: OSError | None = None
        for address in self._addresses(host, port):
            try:
                connection = self._connector(address, port, self._deadline.for_connect())
            except OSError as error:
                failure = error
            else:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return _TimedStream(connection, self._deadline)
        if isinstance(failure, TimeoutError):
            raise TimedOut(f"connecting to {host} took too long") from failure
        raise Unreachable(f"{host} does not accept connections ({failure})") from failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Any = None
    ) -> httpcore.NetworkStream:
        raise Refused("sockets of this machine are not reachable")

    def _addresses(self, host: str, port: int) -> list[Address]:
        try:
            return resolve_checked(
                host,
                port,
                resolve=self._resolve,
                timeout=self._deadline.for_connect(),
                allowed=self._allowed_networks,
            )
        except AddressRefused as error:
            raise Refused(str(error)) from error
        except NameUnknown as error:
            raise Unreachable(str(error)) from error
        except ResolveTimedOut as error:
            raise TimedOut(str(error)) from error


class _TimedStream(httpcore.NetworkStream):
    """A socket whose every wait is cut to what is left of the exchange.

    Time limits of single reads alone would let a server hold us for hours by sending a byte now and then.
    """

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            self._connection.settimeout(self._deadline.for_bytes())
            return self._connection.recv(max_bytes)
        except TimeoutError as error:
            raise TimedOut("the other server stopped sending") from error
        except OSError as error:
            raise httpcore.ReadError(str(error)) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        view = memoryview(buffer)
        try:
            while view:
                self._connection.settimeout(self._deadline.for_bytes())
                view = view[self._connection.send(view[:_WRITE_PIECE]) :]
        except TimeoutError as error:
            raise TimedOut("the other server stopped receiving") from error
        except OSError as error:
            raise httpcore.WriteError(str(error)) from error

    def close(self) -> None:
        self._connection.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            self._connection.settimeout(self._deadline.for_connect())
            wrapped = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except TimeoutError as error:
            self.close()
            raise TimedOut("the other server took too long to agree on encryption") from error
        except ssl.SSLCertVerificationError as error:
            self.close()
            raise Unreachable(
                f"the certificate of {server_hostname} is not valid ({error.verify_message})"
            ) from error
        except OSError as error:
            self.close()
            raise Unreachable(f"no encrypted connection to {server_hostname} ({error})") from error
        return _TimedStream(wrapped, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        if info == "ssl_object" and isinstance(self._connection, ssl.SSLSocket):
            return self._connection
        return self._connection if info == "socket" else None
