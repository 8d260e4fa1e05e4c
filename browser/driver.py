"""As much of WebDriver as these tests need: to open an address and to run a script in it."""

import json
from typing import Any
from urllib.request import Request, urlopen


class Tab:
    """One tab of a browser.

    Args:
        endpoint: the address of a WebDriver server.
    """

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        made = self._order("POST", "/session", {"capabilities": {}})
        self._session = f"/session/{made['sessionId']}"

    def open(self, address: str) -> None:
        """Load a page, anew also where only what follows ``#`` differs."""
        for one in ("about:blank", address):
            self._order("POST", f"{self._session}/url", {"url": one})

    def run(self, script: str, *arguments: object) -> Any:
        """Run the body of a function in the page, and return what it returns."""
        order = {"script": script, "args": arguments}
        return self._order("POST", f"{self._session}/execute/sync", order)

    def later(self, script: str, *arguments: object) -> Any:
        """Do the same once the page has done all that it had put off."""
        wait = f"const done = arguments[{len(arguments)}]; const body = function () {{ {script} }};"
        order = {
            "script": f"{wait} const given = [...arguments]; "
            "setTimeout(() => setTimeout(() => done(body.apply(null, given))));",
            "args": arguments,
        }
        return self._order("POST", f"{self._session}/execute/async", order)

    def close(self) -> None:
        """Close it."""
        self._order("DELETE", self._session)

    def _order(self, method: str, path: str, order: object = None) -> Any:
        body = None if order is None else json.dumps(order).encode()
        request = Request(  # noqa: S310 - an address of this machine
            f"{self._endpoint}{path}", body, {"Content-Type": "application/json"}, method=method
        )
        with urlopen(request, timeout=60) as answer:  # noqa: S310 - the same
            return json.load(answer)["value"]
