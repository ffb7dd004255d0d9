"""The one way Rapport speaks HTTP to others.

Every connection: the name is resolved once, every address it has is checked, and the connection goes to a
checked address while Host, SNI and the certificate check keep the name. No proxies, no cookies, no kept
connections, a deadline for the whole exchange and a cap on the answer.
"""

import json as json_module
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import httpx

from rapport.kernel.addresses import Network, Resolver, system_resolver
from rapport.kernel.http_transport import (
    Connector,
    Deadline,
    GuardedTransport,
    HttpError,
    Refused,
    TimedOut,
    TooLarge,
    Unreachable,
    system_connector,
)

__all__ = [
    "Answer",
    "HttpClient",
    "HttpError",
    "Refused",
    "StreamedAnswer",
    "TimedOut",
    "TooLarge",
    "Unreachable",
]

DEFAULT_MAX_BYTES = 64 * 1024
_STANDARD_PORTS = frozenset({80, 443})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# What may follow a redirect to another host: nothing that could be a credential or a signature.
_HARMLESS_HEADERS = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "user-agent"})
_LONGEST_URL = 8_192


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer, whatever its status."""

    status: int
    headers: httpx.Headers
    content: bytes
    url: str

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def text(self) -> str:
        """The content in its declared character set, UTF-8 by default; broken bytes become U+FFFD."""
        charset = httpx.Response(self.status, headers=self.headers).charset_encoding or "utf-8"
        try:
            return self.content.decode(charset, "replace")
        except (LookupError, ValueError):
            return self.content.decode("utf-8", "replace")

    def json(self) -> Any:
        """The content as JSON; raises `ValueError`."""
        try:
            return json_module.loads(self.content)
        except RecursionError as error:
            raise ValueError("the JSON is nested too deeply") from error


class StreamedAnswer:
    """An answer whose content is read piece by piece; raises `TooLarge` at the cap."""

    def __init__(self, response: httpx.Response, *, max_bytes: int) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.url = str(response.url)
        self._response = response
        self._max_bytes = max_bytes

    def chunks(self) -> Iterator[bytes]:
        """The content, decompressed, never more than the cap in all."""
        declared = self.headers.get("content-length", "")
        # The answer to HEAD declares the length of a content that does not come.
        has_content = self._response.request.method != "HEAD"
        if has_content and declared.isascii() and declared.isdigit() and int(declared) > self._max_bytes:
            raise self._too_large()
        unpack = _unpacker(self.headers.get("content-encoding", "identity").strip().lower())
        left = self._max_bytes
        for raw in self._response.iter_raw():
            # One byte more than allowed is enough to know, however far the rest would expand.
            chunk = unpack(raw, left + 1)
            if len(chunk) > left:
                raise self._too_large()
            left -= len(chunk)
            if chunk:
                yield chunk

    def _too_large(self) -> TooLarge:
        return TooLarge(f"the answer of {self._response.url.host} has more than {self._max_bytes} bytes")


class HttpClient:
    """Guarded HTTP. One instance can serve all threads.

    `allowed_networks`: networks that may be reached although they are not public.
    `ports`: ports that may be reached. `total`, `connect`, `read`: time limits (the whole exchange with its
    redirects; each connection; each wait for bytes in either direction).
    `resolve`, `connector`, `monotonic` and `ssl_context` are there for tests and private certificate
    authorities.
    """

    def __init__(
        self,
        *,
        allowed_networks: Iterable[Network] = (),
        ports: Iterable[int] = _STANDARD_PORTS,
        total: timedelta = timedelta(seconds=10),
        connect: timedelta = timedelta(seconds=5),
        read: timedelta = timedelta(seconds=5),
        user_agent: str = "Rapport",
        resolve: Resolver = system_resolver,
        connector: Connector = system_connector,
        monotonic: Callable[[], float] = time.monotonic,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._allowed_networks = tuple(allowed_networks)
        self._ports = frozenset(ports)
        self._total, self._connect, self._read = total, connect, read
        self._user_agent = user_agent
        self._resolve, self._connector, self._monotonic = resolve, connector, monotonic
        self._ssl_context = ssl_context

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: Any = None,
        data: Mapping[str, Any] | None = None,
        auth: tuple[str, str] | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
        max_redirects: int = 0,
        total: timedelta | None = None,
    ) -> Answer:
        """Send one request and read its whole answer, whatever its status.

        `content` (raw), `json` or `data` (form) is the body. Redirects are answers unless `max_redirects`
        allows some. Raises `Refused`, `TooLarge`, `TimedOut` or `Unreachable`, all `HttpError`.
        """
        with self.stream(
            method,
            url,
            headers=headers,
            content=content,
            json=json,
            data=data,
            auth=auth,
            max_bytes=max_bytes,
            max_redirects=max_redirects,
            total=total,
        ) as answer:
            return Answer(
                status=answer.status,
                headers=answer.headers,
                content=b"".join(answer.chunks()),
                url=answer.url,
            )

    def get(self, url: str, **options: Any) -> Answer:
        """`request("GET", …)`."""
        return self.request("GET", url, **options)

    def post(self, url: str, **options: Any) -> Answer:
        """`request("POST", …)`."""
        return self.request("POST", url, **options)

    @contextmanager
    def stream(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        json: Any = None,
        data: Mapping[str, Any] | None = None,
        auth: tuple[str, str] | None = None,
        max_bytes: int = DEFAULT_MAX_BYTES,
        max_redirects: int = 0,
        total: timedelta | None = None,
    ) -> Iterator[StreamedAnswer]:
        """Like `request`, for downloads: read `chunks()` inside the `with` block, under the same limits."""
        deadline = Deadline(
            total=total or self._total, connect=self._connect, read=self._read, monotonic=self._monotonic
        )
        with self._one_exchange(deadline) as client:
            with _typed_errors():
                request = client.build_request(
                    method, _checked_url(url), headers=headers, content=content, json=json, data=data
                )
                response = client.send(request, auth=auth, stream=True)
                response = _followed(response, client, max_redirects=max_redirects)
            try:
                yield StreamedAnswer(response, max_bytes=max_bytes)
            finally:
                response.close()

    def _one_exchange(self, deadline: Deadline) -> httpx.Client:
        # A client for each exchange: cookies and connections of one workspace never serve another.
        return httpx.Client(
            transport=GuardedTransport(
                deadline=deadline,
                allowed_networks=self._allowed_networks,
                ports=self._ports,
                resolve=self._resolve,
                connector=self._connector,
                ssl_context=self._ssl_context or _public_authorities(),
            ),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(self._read.total_seconds(), connect=self._connect.total_seconds()),
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "identity"},
        )


def _followed(response: httpx.Response, client: httpx.Client, *, max_redirects: int) -> httpx.Response:
    for _ in range(max_redirects):
        if response.status_code not in _REDIRECTS or response.next_request is None:
            return response
        following = response.next_request
        response.close()
        origin = response.request.url
        if origin.scheme == "https" and following.url.scheme != "https":
            raise Refused(f"{origin.host} redirects from https to {following.url.scheme}")
        if (origin.scheme, origin.host, origin.port) != _origin_of(following.url):
            for name in list(following.headers):
                if name not in _HARMLESS_HEADERS and name not in {"host", "content-length"}:
                    del following.headers[name]
        response = client.send(following, stream=True)
    if max_redirects and response.has_redirect_location:
        response.close()
        raise Refused(f"{response.request.url.host} redirects more than {max_redirects} times")
    return response


def _origin_of(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _checked_url(url: str) -> httpx.URL:
    if len(url) > _LONGEST_URL:
        raise Refused("that address is too long")
    parsed = httpx.URL(url)
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise Refused(f"{url[:200]!r} is not a web address (http:// or https://)")
    return parsed


@contextmanager
def _typed_errors() -> Iterator[None]:
    try:
        yield
    except HttpError:
        raise
    except httpx.TimeoutException as error:
        raise TimedOut(f"the other server took too long ({type(error).__name__})") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, httpx.LocalProtocolError, UnicodeError) as error:
        raise Refused(f"that request cannot be sent: {error}") from error
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise Unreachable(f"the other server cannot be reached: {error}") from error


def _unpacker(encoding: str) -> Callable[[bytes, int], bytes]:
    """A function of (raw, most) that gives at most `most` decompressed bytes of what it has been fed."""
    if encoding in {"", "identity"}:
        return lambda raw, most: raw
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise Unreachable(f"the answer is packed as {encoding[:40]!r}, which was not asked for")
    # 32 + 15: recognises gzip and zlib by their headers.
    inflate = zlib.decompressobj(wbits=47)

    def unpack(raw: bytes, most: int) -> bytes:
        try:
            return inflate.decompress(raw, most)
        except zlib.error as error:
            raise Unreachable("the packed answer is damaged") from error

    return unpack


@lru_cache(maxsize=1)
def _public_authorities() -> ssl.SSLContext:
    # Reading the bundle takes tens of milliseconds. SSL_CERT_FILE is honoured: it belongs to whoever runs
    # this server. Proxy variables are not.
    return httpx.create_ssl_context()
