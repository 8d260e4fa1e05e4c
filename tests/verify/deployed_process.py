"""The deployed service in a process of its own, and orders for it."""

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

SERVICE = Path(__file__).with_name("service.py")


class DeployedService:
    """The service, served on a free port of this machine.

    Args:
        python: an interpreter that has the releases under which it is to run.
    """

    def __init__(self, python: str = sys.executable) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [python, str(SERVICE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.port: int = json.loads(self._line())["port"]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(60)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def order(self, **orders: Any) -> None:
        """Tell it what to do; see ``service.py``."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(orders) + "\n")
        self._process.stdin.flush()
        self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()
