"""On what a run was made: numbers of other versions are other numbers."""

import platform
from importlib.metadata import PackageNotFoundError, version

PROJECTS = (
    *("pytest-paymock", "pytest", "pydantic", "httpx", "httpx2", "requests", "fastapi", "uvicorn"),
    *("respx", "pytest-httpx", "responses", "requests-mock", "pytest-httpserver"),
)
"""All that takes part."""


def versions() -> dict[str, str | None]:
    """Return the versions of Python and of all projects; None for one that is not installed."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {"python": python, **{project: _version(project) for project in PROJECTS}}


def _version(project: str) -> str | None:
    try:
        return version(project)
    except PackageNotFoundError:
        return None
