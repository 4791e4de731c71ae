"""The socket that `up` listens on; the API inherits it, so that a restart of the API refuses nobody."""

import errno
import ipaddress
import socket
import time

from oryxforge.domain.errors import Conflict, Invalid, NotAllowed, OryxError, Unavailable

BACKLOG = 2048


def listen(host: str, port: int, patience_s: float) -> socket.socket:
    """Raises Conflict where the port is taken (still, after the patience), and says how to choose another."""
    until = time.monotonic() + patience_s
    while True:
        try:
            family, _, _, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
            return socket.create_server(place[:2], family=family, backlog=BACKLOG)
        except socket.gaierror as error:
            raise Invalid(f"{host} is no address of this machine. Choose another with --host.") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE or time.monotonic() > until:
                raise _explained(error, host, port) from error
            time.sleep(0.05)


def _explained(error: OSError, host: str, port: int) -> OryxError:
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            f"Port {port} is taken by another program. Choose another with --port (or ORYXFORGE_PORT); 0 takes any "
            "free one.",
            code="port_taken",
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return NotAllowed(f"This user may not listen on port {port}. Choose one above 1023 with --port.")
    return Unavailable(f"{host} port {port} can't be listened on: {error.strerror}.", code="port_unusable")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def url_of(listener: socket.socket) -> str:
    """How this machine reaches the socket; one on all addresses is reached by loopback."""
    host, port = listener.getsockname()[:2]
    place = ipaddress.ip_address(host)
    if place.is_unspecified:
        host = "127.0.0.1" if place.version == 4 else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
