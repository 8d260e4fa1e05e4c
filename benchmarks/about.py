"""On what a run was made: numbers of other versions are other numbers."""

import platform
from importlib.metadata import version

_PROJECTS = (
    *("pytest-paymock", "pytest", "pydantic", "httpx", "httpx2", "requests"),
    *("respx", "pytest-httpx", "responses", "requests-mock", "pytest-httpserver"),
)


def run() -> dict[str, str]:
    """Return the versions of Python and of all that takes part."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {"python": python, **{project: version(project) for project in _PROJECTS}}
