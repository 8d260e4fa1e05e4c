"""The live server: the fake behind real HTTP, for subprocesses, browsers and other languages.

``uvicorn pytest_paymock.server:app`` serves it, ``paymock serve`` with options and a log, and the
fixture ``paymock_server`` to a test. Needs the extra ``pytest-paymock[server]``, so everything that
imports FastAPI or uvicorn waits in other modules until it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_paymock.server.application import Application
    from pytest_paymock.server.fake import ServerPaymock as ServerPaymock

    app: Application

__all__ = ["ServerPaymock", "app"]


def __getattr__(name: str) -> Any:
    if name == "app":
        made: Any = _default_application()
    elif name == "ServerPaymock":
        made = import_module(f"{__name__}.fake").ServerPaymock
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = made
    return made


def _default_application() -> Any:
    try:
        application = import_module(f"{__name__}.application")
    except ModuleNotFoundError as error:
        messages = import_module(f"{__name__}.messages")
        missing = messages.extra_missing(f"{__name__}:app", error.name)
        raise ModuleNotFoundError(missing, name=error.name) from None
    return application.default_application()
