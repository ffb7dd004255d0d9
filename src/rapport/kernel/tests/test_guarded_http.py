"""The guard against a real server on this machine, which plays the whole internet."""

import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from rapport.kernel.addresses import why_closed
from rapport.kernel.http import HttpClient, Refused, TimedOut, TooLarge, Unreachable

HERE = [ip_network("127.0.0.1/32")]
PUBLIC = "93.184.215.14"


@dataclass
class Server:
    """A web server whose answers are written by the test."""

    port: int = 0
    seen: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    pages: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)

    def url(self, path: str, host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("content-length", 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.seen.append((self.command, self.path, headers, self.rfile.read(length)))
            server.pages[self.path](self)

        do_GET = do_POST = do_HEAD = answer

        def log_message(self, *_: Any) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    if tls:
        httpd.socket = tls.wrap_socket(httpd.socket, server_side=True)
    server.port = httpd.server_address[1]
    threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def page(
    content: bytes = b"ok", *, status: int = 200, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)

    return write


def client(server: Server, **options: Any) -> HttpClient:
    return HttpClient(**{"allowed_networks": HERE, "ports": {server.port}, **options})


def here(server: Server, reached: list[str]) -> Callable[[Any, int, float], socket.socket]:
    """A connector that notes which address was wanted and leads to the server on this machine."""

    def connect(address: IPv4Address | IPv6Address, port: int, timeout: float) -> socket.socket:
        reached.append(str(address))
        return socket.create_connection(("127.0.0.1", server.port), timeout)

    return connect


# ------------------------------------------------------------------------------------------- addresses


# IANA IPv4 and IPv6 special-purpose address registries.
CLOSED = """
    0.0.0.0 10.1.2.3 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254
    172.16.0.1 172.31.255.255 192.0.0.8 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1
    192.88.99.1 192.168.0.1 192.175.48.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1
    239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1
    ::ffff:8.8.8.8 64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1
    2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:2::1 2001:20::1 2001:db8::1 2002:7f00:1::
    2002:a9fe:a9fe::1 2620:4f:8000::1 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1
    fe80::1%eth0 fec0::1 ff02::1 2a00:1450:4001::5efe:10.0.0.1
    2a00:1450:4001:0:200:5efe:10.0.0.1
"""


@pytest.mark.parametrize("address", CLOSED.split())
def test_addresses_that_are_not_on_the_public_internet_are_closed(address: str) -> None:
    assert why_closed(ip_address(address))


@pytest.mark.parametrize(
    "address", ["8.8.8.8", PUBLIC, "100.63.255.255", "172.32.0.1", "2a00:1450:4001:80b::200e"]
)
def test_public_addresses_are_open(address: str) -> None:
    assert why_closed(ip_address(address)) is None


def test_the_owner_can_open_networks_but_not_what_is_hidden_inside_them() -> None:
    opened = [ip_network("10.0.0.0/8"), ip_network("64:ff9b::/96"), ip_network("2002::/16")]
    assert why_closed(ip_address("10.1.2.3"), allowed=opened) is None
    assert why_closed(ip_address("64:ff9b::808:808"), allowed=opened) is None
    assert why_closed(ip_address("64:ff9b::0a01:0203"), allowed=opened) is None
    for hidden in ("192.168.0.1", "64:ff9b::7f00:1", "2002:c0a8:1::", "::ffff:10.1.2.3"):
        assert why_closed(ip_address(hidden), allowed=opened)


# ------------------------------------------------------------------------------------------- the guard


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
    ],
)
def test_this_machine_is_refused_however_it_is_written(server: Server, host: str) -> None:
    server.pages["/"] = page()
    with pytest.raises((Refused, Unreachable)):
        HttpClient(ports={server.port}).get(server.url("/", host))
    assert server.seen == []


def test_an_opened_network_can_be_reached(server: Server) -> None:
    server.pages["/hook"] = page(b'{"ok": true}', status=201, Content_Type="application/json")
    answer = client(server).post(server.url("/hook"), json={"event": "kept"}, headers={"X-Signature": "abc"})
    assert (answer.status, answer.ok, answer.json()) == (201, True, {"ok": True})
    method, path, headers, content = server.seen[0]
    assert (method, path, content) == ("POST", "/hook", b'{"event":"kept"}')
    assert headers["x-signature"] == "abc" and headers["user-agent"] == "Rapport"


def test_the_name_is_resolved_once_and_exactly_that_address_is_reached(server: Server) -> None:
    server.pages["/"] = page()
    answers = iter([[PUBLIC], ["127.0.0.1"], ["10.0.0.1"]])
    reached: list[str] = []
    rebinding = client(
        server, allowed_networks=[], resolve=lambda host, port: next(answers), connector=here(server, reached)
    )
    assert rebinding.get(server.url("/", "rebind.example")).status == 200
    assert reached == [PUBLIC]
    assert server.seen[0][2]["host"] == f"rebind.example:{server.port}"
    # The next exchange resolves again, and now the name leads home.
    with pytest.raises(Refused, match=r"127\.0\.0\.1.*loopback"):
        rebinding.get(server.url("/", "rebind.example"))
    assert reached == [PUBLIC] and len(server.seen) == 1


def test_one_closed_address_among_several_refuses_the_name(server: Server) -> None:
    reached: list[str] = []
    mixed = client(
        server,
        allowed_networks=[],
        resolve=lambda host, port: [PUBLIC, "169.254.169.254"],
        connector=here(server, reached),
    )
    with pytest.raises(Refused, match="metadata"):
        mixed.get(server.url("/", "mixed.example"))
    assert reached == []


def test_the_next_address_is_tried_when_the_first_is_down(server: Server) -> None:
    server.pages["/"] = page()
    tried: list[str] = []

    def connect(address: IPv4Address | IPv6Address, port: int, timeout: float) -> socket.socket:
        tried.append(str(address))
        if len(tried) == 1:
            raise ConnectionRefusedError("refused")
        return socket.create_connection(("127.0.0.1", port), timeout)

    two = client(server, allowed_networks=[], resolve=lambda *_: ["2a00:1450::1", PUBLIC], connector=connect)
    assert two.get(server.url("/", "duka.example")).status == 200
    assert tried == ["2a00:1450::1", PUBLIC]


@pytest.mark.parametrize(
    "url",
    [
        "ftp://duka.example/", "file:///etc/passwd", "gopher://duka.example/", "//duka.example/",
        "", "duka.example",
        "http://", "http:///path", "https://duka.example:22/", "http://duka.example:6379/", "http://a b/",
        "http://duka.example/" + "a" * 9_000, "http://[::1", "http://duka.example:99999/", "http://\0/",
    ],
)  # fmt: skip
def test_other_schemes_ports_and_malformed_addresses_are_refused(url: str) -> None:
    looked_up: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return [PUBLIC]

    with pytest.raises(Refused):
        HttpClient(resolve=resolve).get(url)
    assert looked_up == []


def test_headers_cannot_be_smuggled(server: Server) -> None:
    server.pages["/"] = page()
    with pytest.raises(Refused):
        client(server).get(server.url("/"), headers={"X-Name": "a\r\nX-Admin: 1"})
    assert server.seen == []


def test_proxies_of_the_environment_are_ignored(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    server.pages["/"] = page()
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert client(server).get(server.url("/")).status == 200


def test_names_that_lead_nowhere_and_closed_ports_are_unreachable(server: Server) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unreachable, match="cannot be found"):
        client(server, resolve=unknown).get(server.url("/", "nowhere.example"))
    with pytest.raises(Unreachable, match="no address"):
        client(server, resolve=lambda *_: []).get(server.url("/", "nowhere.example"))
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(Unreachable, match="does not accept"):
            HttpClient(allowed_networks=HERE, ports={port}).get(f"http://127.0.0.1:{port}/")


# ------------------------------------------------------------------------------------------- redirects


def test_redirects_are_answers_unless_allowed(server: Server) -> None:
    server.pages["/old"] = page(status=302, Location="/new")
    server.pages["/new"] = page(b"here")
    assert client(server).get(server.url("/old")).status == 302
    followed = client(server).get(server.url("/old"), max_redirects=1)
    assert (followed.content, followed.url) == (b"here", server.url("/new"))


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/", "file:///etc/passwd",
     "http://127.0.0.1:22/"],
)  # fmt: skip
def test_a_redirect_to_a_closed_address_is_refused(server: Server, target: str) -> None:
    server.pages["/"] = page(status=302, Location=target)
    with pytest.raises(Refused):
        client(server, ports={80, server.port}).get(server.url("/"), max_redirects=5)
    assert len(server.seen) == 1


def test_a_redirect_back_to_the_same_name_is_resolved_and_checked_anew(server: Server) -> None:
    server.pages["/"] = page(status=302, Location=server.url("/again", "rebind.example"))
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    reached: list[str] = []
    rebinding = client(
        server, allowed_networks=[], resolve=lambda *_: next(answers), connector=here(server, reached)
    )
    with pytest.raises(Refused):
        rebinding.get(server.url("/", "rebind.example"), max_redirects=3)
    assert reached == [PUBLIC]


def test_endless_redirects_end(server: Server) -> None:
    server.pages["/"] = page(status=302, Location="/")
    with pytest.raises(Refused, match="more than 3"):
        client(server).get(server.url("/"), max_redirects=3)
    assert len(server.seen) == 4


def test_credentials_do_not_follow_a_redirect_to_another_host(server: Server) -> None:
    server.pages["/"] = page(status=307, Location=server.url("/there", "other.example"))
    server.pages["/there"] = page()
    named = client(server, allowed_networks=[], resolve=lambda *_: [PUBLIC], connector=here(server, []))
    named.post(
        server.url("/", "duka.example"),
        content=b"body",
        auth=("otieno", "secret"),
        headers={"X-Api-Key": "secret", "Cookie": "secret", "Accept": "text/plain"},
        max_redirects=1,
    )
    first, second = server.seen[0][2], server.seen[1][2]
    assert first["x-api-key"] == "secret" and "authorization" in first
    assert "secret" not in str(second) and "authorization" not in second
    assert second["accept"] == "text/plain" and second["host"].startswith("other.example")


# ------------------------------------------------------------------------------------ size and time


def test_an_answer_at_the_cap_passes_and_one_byte_more_does_not(server: Server) -> None:
    server.pages["/"] = page(b"x" * 1_000)
    assert len(client(server).get(server.url("/"), max_bytes=1_000).content) == 1_000
    with pytest.raises(TooLarge):
        client(server).get(server.url("/"), max_bytes=999)


def test_an_endless_answer_is_cut_off_at_64_kilobytes_by_default(server: Server) -> None:
    written: list[int] = []

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                written.append(handler.wfile.write(b"x" * 8_192))
        except OSError:
            finished.set()

    finished = threading.Event()
    server.pages["/"] = endless
    with pytest.raises(TooLarge, match="65536"):
        client(server).get(server.url("/"))
    assert finished.wait(10), "the connection must be closed"


def test_a_compression_bomb_is_too_large_and_honest_compression_is_read(server: Server) -> None:
    server.pages["/bomb"] = page(gzip.compress(b"\0" * 20_000_000), Content_Encoding="gzip")
    server.pages["/fine"] = page(gzip.compress(b"hello"), Content_Encoding="gzip")
    server.pages["/odd"] = page(b"hello", Content_Encoding="br")
    server.pages["/broken"] = page(b"hello", Content_Encoding="gzip")
    assert client(server).get(server.url("/fine")).text == "hello"
    with pytest.raises(TooLarge):
        client(server).get(server.url("/bomb"))
    for path in ("/odd", "/broken"):
        with pytest.raises(Unreachable):
            client(server).get(server.url(path))


def test_the_length_of_a_head_answer_does_not_count(server: Server) -> None:
    def head(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "10000000")
        handler.end_headers()

    server.pages["/"] = head
    assert client(server).request("HEAD", server.url("/")).headers["content-length"] == "10000000"


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_server_that_drips_bytes_does_not_outlast_the_total_time(server: Server, part: str) -> None:
    # Each look at the clock is a second and lets one more byte through, so no real time passes.
    drop = threading.Semaphore(0)
    seconds = iter(range(1_000_000))

    def tick() -> float:
        drop.release()
        return float(next(seconds))

    sent: list[bytes] = []

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        if part == "body":
            handler.wfile.write(b"\r\nContent-Length: 60000\r\n\r\n")
        try:
            while drop.acquire(timeout=10):
                handler.wfile.write(b"x")
                sent.append(b"x")
        except OSError:
            pass

    server.pages["/"] = drip
    patient = client(server, monotonic=tick, total=timedelta(seconds=50), read=timedelta(seconds=30))
    with pytest.raises(TimedOut, match="whole answer"):
        patient.get(server.url("/"))
    assert len(sent) <= 60


def test_a_silent_server_and_a_silent_name_server_time_out(server: Server) -> None:
    release = threading.Event()
    server.pages["/"] = lambda handler: (release.wait(10), None)[1]
    hasty = {"read": timedelta(milliseconds=50), "connect": timedelta(milliseconds=50)}
    with pytest.raises(TimedOut):
        client(server, **hasty).get(server.url("/"))

    def silent(host: str, port: int) -> list[str]:
        release.wait(10)
        return []

    with pytest.raises(TimedOut, match="looking up"):
        client(server, resolve=silent, **hasty).get(server.url("/", "slow.example"))
    release.set()


def test_what_is_not_http_is_unreachable(server: Server) -> None:
    server.pages["/"] = lambda handler: (handler.wfile.write(b"SSH-2.0-OpenSSH\r\n\r\n"), None)[1]
    with pytest.raises(Unreachable):
        client(server).get(server.url("/"))


def test_downloads_are_streamed_under_the_same_limits(server: Server) -> None:
    server.pages["/"] = page(b"x" * 300_000)
    pieces: list[bytes] = []
    with client(server).stream("GET", server.url("/"), max_bytes=1_000_000) as answer:
        pieces.extend(answer.chunks())
    assert len(pieces) > 1 and b"".join(pieces) == b"x" * 300_000
    with client(server).stream("GET", server.url("/"), max_bytes=10) as answer, pytest.raises(TooLarge):
        list(answer.chunks())


def test_the_callers_own_errors_inside_a_download_stay_what_they_are(server: Server) -> None:
    server.pages["/"] = page()
    with pytest.raises(UnicodeError), client(server).stream("GET", server.url("/")):
        raise UnicodeError("mine")


def test_cookies_of_one_exchange_do_not_reach_the_next(server: Server) -> None:
    server.pages["/"] = page(Set_Cookie="session=baraka")
    shared = client(server)
    shared.get(server.url("/"))
    shared.get(server.url("/"))
    assert "cookie" not in server.seen[1][2]


# -------------------------------------------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for duka.example that is its own authority, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "duka.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("duka.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def test_the_certificate_and_sni_are_those_of_the_name_and_not_of_the_address(
    authority: tuple[Path, Path],
) -> None:
    certificate, key = authority
    asked: list[str | None] = []
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    tls.sni_callback = lambda _socket, name, _context: asked.append(name)
    with serving(tls) as server:
        server.pages["/"] = page()
        trusting = client(
            server,
            allowed_networks=[],
            resolve=lambda *_: [PUBLIC],
            connector=here(server, []),
            ssl_context=ssl.create_default_context(cafile=str(certificate)),
        )
        assert trusting.get(server.url("/", "duka.example", "https")).status == 200
        with pytest.raises(Unreachable, match=r"certificate of other\.example"):
            trusting.get(server.url("/", "other.example", "https"))
        distrusting = client(
            server, allowed_networks=[], resolve=lambda *_: [PUBLIC], connector=here(server, [])
        )
        with pytest.raises(Unreachable, match="certificate"):
            distrusting.get(server.url("/", "duka.example", "https"))
        server.pages["/down"] = page(status=302, Location="http://duka.example/")
        with pytest.raises(Refused, match="https to http"):
            trusting.get(server.url("/down", "duka.example", "https"), max_redirects=1)
    assert asked == ["duka.example", "other.example", "duka.example", "duka.example"]
    assert [path for _, path, _, _ in server.seen] == ["/", "/down"]
