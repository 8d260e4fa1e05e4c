"""All words of the server that people read: refusals, errors, and what ``paymock serve`` prints."""

from pytest_paymock._engine.records import Payment
from pytest_paymock._records.records import CallRecord
from pytest_paymock._text import messages, tables

EXTRA = "pip install 'pytest-paymock[server]'"

NO_HTTP = "this is no HTTP/1.1 request"
IDLE = "no test uses this server at the moment"
TOO_SLOW = "the request body did not arrive in time"
NO_SOCKET = (
    "a fault on the socket was asked for, and another server runs this app; "
    "faults need the fixture paymock_server or `paymock serve`"
)


def too_large(longest: int) -> str:
    """Say that a body is larger than any that the API would read."""
    return f"the request body is larger than {longest} bytes"


def extra_missing(user: str, missing: str | None) -> str:
    """Say that the extra is not installed, and how to install it."""
    package = (missing or "FastAPI").partition(".")[0]
    return f"{user} needs the extra server ({package} is not installed): {EXTRA}"


def cannot_refuse(fault: str) -> str:
    """Say that a server that listens cannot refuse a connection."""
    return (
        f"{fault} cannot happen on the live server: it listens, so every connection is made; "
        "use paymock with httpx or requests, or let the client call a port where nobody listens"
    )


def cannot_crash() -> str:
    """Say that the process of a client of the live server cannot be ended from here."""
    return (
        "a crash ends the process that makes the call, and the clients of the live server are "
        "processes of their own: end yours by its own means, such as Popen.kill(), or run the "
        "code in this process with the fixture paymock"
    )


def cannot_listen(host: str, port: int, why: str, *, elsewhere: bool) -> str:
    """Say that an address cannot be had, and what to do; ``elsewhere`` if its host is why."""
    instead = "choose another with --port, or --port 0 for one that is free"
    if elsewhere:
        instead = "choose a name or an address of this machine with --host, such as localhost"
    return f"cannot listen on {host} port {port}: {why}; {instead}"


def started(
    *, version: str, url: str, seed: int, clock: str, control: str | None, profile: str
) -> list[str]:
    """Return the lines that the terminal shows when the server has started."""
    settings = f"seed {seed}, clock {clock}{messages.profile_note(profile)}"
    return [
        f"paymock {version}: the Payment Mock API at {url} ({settings})",
        f"  try it     {url}/docs",
        f"  reference  {url}/redoc",
        f"  OpenAPI    {url}/openapi.json",
        f"  control    {control or 'off (--control lets other programs of this machine in)'}",
        "Ctrl-C stops it.",
    ]


def stopped(calls: int, payments: int) -> str:
    """Return the last line of a server."""
    return f"stopped after {messages.count(calls, 'call')}, {messages.count(payments, 'payment')}"


def log_line(call: CallRecord, payment: Payment | None) -> str:
    """Return one exchange as a line of the log, with the payment that it made, if any."""
    line = f"{call.at:%H:%M:%S}  {tables.call_line(call)}"
    if payment is None:
        return line
    return (
        f"{line}  {payment.status} {payment.amount} {messages.safe(payment.currency)} "
        f"({messages.safe(payment.reason)})"
    )


# -- control ----------------------------------------------------------------------------------

NOT_LOOPBACK = "control is for programs of this machine only"
PASSED_ON = "control is not for what a proxy passes on"
FOREIGN_HOST = "control is answered as localhost, or by a loopback address, and by no other name"
FOREIGN_PAGE = "control is not for pages of other sites"
