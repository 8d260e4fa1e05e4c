"""The command ``paymock``.

``paymock serve`` runs the live server until somebody stops it, and ``paymock verify`` asks a server
whether it keeps the contract.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from typing import Any

from pytest_paymock import __version__
from pytest_paymock._verify import command
from pytest_paymock.errors import PaymockError, UsageError
from pytest_paymock.server import messages

_SETTINGS = ("seed", "success_rate", "streams", "profile", "clock")
"""The options of ``Paymock`` that mean something to a server."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status.

    Args:
        arguments: of the command line; None takes those of the process.
    """
    parser = argparse.ArgumentParser(
        prog="paymock", description="A payment API in memory, for tests of code that takes money."
    )
    parser.add_argument("--version", action="version", version=f"paymock {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_serve(commands)
    _add_verify(commands)
    given = parser.parse_args(arguments)
    status: int = given.run(given)
    return status


def _verify(parser: argparse.ArgumentParser, given: argparse.Namespace) -> int:
    return command.run(parser, given)


def _serve(parser: argparse.ArgumentParser, given: argparse.Namespace) -> int:
    try:
        # Here and not above: without the extra there is still a sentence to say.
        console = import_module("pytest_paymock.server.request_log")
    except ModuleNotFoundError as error:
        return _fail(messages.extra_missing("paymock serve", error.name))
    settings = {name: getattr(given, name) for name in _SETTINGS}
    options = {name: value for name, value in settings.items() if value is not None}
    if options.get("seed") == "random":
        options["seed"] = time.time_ns() % 1_000_000
    try:
        console.serve(
            host=given.host,
            port=given.port,
            base_path=given.base_path,
            control=given.control,
            options=options,
        )
    except UsageError as error:
        parser.error(str(error))
    except PaymockError as error:
        return _fail(str(error))
    return 0


def _fail(sentence: str) -> int:
    sys.stderr.write(f"paymock: {sentence}\n")
    return 1


def _add_verify(commands: Any) -> None:
    verify = commands.add_parser(
        "verify",
        help="ask a server whether it keeps the contract",
        description="Ask a server, rule by rule, whether it keeps the contract of the Payment Mock "
        "API. Only the documented test cards are sent, and broken forms of them.",
        epilog="Exit status: 0 if nothing differs, 1 if a rule does, 2 if nothing that speaks this "
        "API answers.",
    )
    command.add_arguments(verify)
    verify.set_defaults(run=partial(_verify, verify))


def _add_serve(commands: Any) -> None:
    serve = commands.add_parser(
        "serve",
        help="run the fake as an HTTP server",
        description="Run the fake Payment Mock API as an HTTP server, with pages about it.",
    )
    add = serve.add_argument
    add("--host", default="localhost", help="name or address to listen on (default: localhost)")
    add("--port", type=_port, default=8000, help="0 takes a free one (default: 8000)")
    add("--base-path", default="", metavar="PATH", help="path of the base URL, such as /v2")
    add("--seed", metavar="N", help="decides outcomes and ids; 'random' draws one (default: 0)")
    add(
        "--success-rate",
        metavar="RATE",
        help="share of ordinary payments that succeed (default: 0.9)",
    )
    add("--streams", metavar="KIND", help="count draws by: payments, customer (default: payments)")
    add(
        "--profile",
        metavar="NAME",
        help="form of the API: documented, deployed (default: documented)",
    )
    add("--clock", metavar="TIME", help="ISO time that pins the clock (default: the real time)")
    add(
        "--control",
        action="store_true",
        help="let programs of this machine look and script under /_paymock/",
    )
    serve.set_defaults(run=partial(_serve, serve))


def _port(text: str) -> int:
    highest = 65535
    if not text.isdecimal() or int(text) > highest:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to {highest}, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
