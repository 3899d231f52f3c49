"""Sending to an address that somebody typed, so that it leads nowhere inside.

Its name is looked up once; every answer must be an address of the public internet; the connection goes to one of those very
addresses, so a name that changes in between changes nothing. No proxy, no redirect, no more than a few seconds, and
of the answer nothing but its status.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS: Final = 10  # for all of it, once the name is known
READ: Final = 64 * 1024  # bytes of an answer, read and forgotten
HTTPS: Final = 443
OTHER_PORTS: Final = 1024  # ports from here on are nobody's mail server or the like
INSIDE: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "::ffff:0:0/96",  # IPv4 in IPv6's clothes
        "::/96",
        "64:ff9b::/96",  # and behind translators
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "fec0::/10",
    )
)
"""Besides what Python knows to be private, loopback, link-local, multicast or reserved."""

LOCAL_NAMES: Final = (".localhost", ".local", ".internal", ".home.arpa", ".lan")
INWARD: Final = "It leads to a private or local network. Only addresses of the public internet are sent to."

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Refused(Exception):  # noqa: N818  the word for it
    """An address is not one to be sent to: why, in words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How sending ended: the HTTP status, or what went wrong before there was one; and how long it took, in milliseconds."""

    status: int | None
    wrong: str
    took_ms: int

    @property
    def taken(self) -> bool:
        """Whether the receiver said that it has it."""
        return self.status is not None and 200 <= self.status < 300


def sound(address: str) -> SplitResult:
    """The parts of an address that may be sent to as far as can be told without looking its name up. Raises Refused."""
    if not address.isascii() or any(each.isspace() or each < "!" for each in address):
        raise Refused("Write the address without spaces and special letters.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as wrong:
        raise Refused("That is no address of a web service.") from wrong
    if not parts.hostname or parts.username is not None or parts.password is not None or parts.fragment:
        raise Refused("Write an address such as https://example.org/siteward, without a name or password in it.")
    literal = literal_of(parts.hostname)
    if parts.scheme != "https" and not (parts.scheme == "http" and inward(literal)):
        raise Refused("It must begin with https:// so that nobody listens on the way.")
    if literal is not None:
        check(literal)
    elif local(parts.hostname):
        raise Refused(INWARD)
    if port not in (None, HTTPS) and (port or 0) < OTHER_PORTS:
        raise Refused("Use port 443, or one from 1024 on.")
    return parts


def local(host: str) -> bool:
    """Whether a name is one of this machine or of a local network: "localhost", "printer", "server.local"."""
    name = host.rstrip(".").lower()
    return "." not in name or name.endswith(LOCAL_NAMES)


def literal_of(host: str) -> Address | None:
    """The IP address that a host is written as, if it is."""
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host.strip("[]").split("%")[0])
    return None


def inward(address: Address | None) -> bool:
    """Whether it is this machine, and the settings allow that (for tests alone)."""
    return bool(settings.WEBHOOKS_TO_THIS_MACHINE and address is not None and address.is_loopback)


def check(address: Address) -> None:
    """Refuse an address that is not of the public internet. Raises Refused."""
    if inward(address):
        return
    hidden = any(address in net for net in INSIDE if net.version == address.version)
    if hidden or not address.is_global or address.is_multicast or address.is_reserved or address.is_unspecified:
        raise Refused(INWARD)


def looked_up(host: str, port: int) -> list[str]:
    """The IP addresses of a host, all of which may be sent to. Raises Refused, OSError."""
    found = [str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for each in found:
        literal = literal_of(each)
        if literal is None:
            raise Refused("Its name leads to no address.")
        check(literal)
    return list(dict.fromkeys(found))


class Pinned(http.client.HTTPConnection):
    """A connection to an IP address that was checked, whatever the host's name says by now; TLS is held to the name."""

    def __init__(self, host: str, port: int, ip: str, tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self.ip, self.tls = ip, tls
        self.held: socket.socket | None = None  # http.client lets go of its own once the answer has begun

    def connect(self) -> None:
        """Connect, and shake hands under the name."""
        self.sock = self.held = socket.create_connection((self.ip, self.port), timeout=SECONDS)
        if self.tls:
            secured = self.tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock = self.held = secured
            secured.do_handshake()

    def cut(self) -> None:
        """End it from another thread: whoever answers a byte at a time is not waited for."""
        if self.held is not None:
            with contextlib.suppress(OSError):
                socket.socket(fileno=socket.dup(self.held.fileno())).shutdown(socket.SHUT_RDWR)


def post(address: str, body: bytes, headers: dict[str, str]) -> Answer:
    """Send a body to an address by POST. Raises nothing: what went wrong stands in the answer."""
    begun = time.monotonic()
    status, wrong = None, ""
    try:
        status = sent(sound(address), body, headers)
    except Refused as refused:
        wrong = str(refused)
    except socket.gaierror:
        wrong = "Its name could not be looked up."
    except ssl.SSLCertVerificationError as untrusted:
        wrong = f"Its certificate is not trusted: {untrusted.verify_message}."
    except TimeoutError:
        wrong = f"It did not answer within {SECONDS} seconds."
    except ConnectionRefusedError:
        wrong = "Nothing answers there."
    except (OSError, http.client.HTTPException, UnicodeError) as fault:
        late = time.monotonic() - begun >= SECONDS
        wrong = f"It did not answer within {SECONDS} seconds." if late else f"It broke off ({type(fault).__name__})."
    if status is not None and 300 <= status < 400:
        wrong = "It led on to another address, which is not followed. Give the address that answers itself."
    elif status is not None and not 200 <= status < 300:
        wrong = f"It answered {status}."
    return Answer(status, wrong[:200], round((time.monotonic() - begun) * 1000))


def sent(parts: SplitResult, body: bytes, headers: dict[str, str]) -> int:
    """Send it; answers the status. Raises Refused, OSError, HTTPException."""
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (HTTPS if secure else 80)
    ip = looked_up(host, port)[0]
    tls = ssl.create_default_context() if secure else None
    connection = Pinned(host, port, ip, tls)
    watch = threading.Timer(SECONDS, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        with contextlib.suppress(OSError, http.client.HTTPException):  # the status says it all
            answer.read(READ)
        return answer.status
    finally:
        watch.cancel()
        connection.close()
