"""The checks of this project.

``nox`` runs what every change has to pass, ``nox --list`` shows each session, ``nox -s lint`` runs
one, and arguments after ``--`` go to pytest: ``nox -s tests-3.13 -- tests/engine``.
"""

import shutil
import sys
import tempfile
from pathlib import Path

import nox

nox.options.sessions = [
    "lint",
    "types",
    "imports",
    "docs",
    "package",
    "coverage",
    "oldest",
    "pinned",
    "browser",
    "benchmarks",
    "compat",
]
nox.options.download_python = "never"
nox.options.error_on_external_run = True
nox.options.reuse_venv = "yes"

ROOT = Path(__file__).parent
PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)

EVERYTHING = ("-m", "")
"""Selects all tests: a plain ``pytest`` leaves out what is slow and rare."""

OLDEST = (
    *("tests/engine", "tests/api", "tests/golden", "tests/contract", "tests/paymock"),
    "examples",
)
"""What runs with the oldest versions: the tests that need no other mock."""

DEPLOYED = ("fastapi==0.109.0", "starlette==0.35.0", "pydantic==2.5.3", "uvicorn==0.27.0")
"""What the deployed service is pinned to."""

# The other mocks of the test extra are newer than some of the bounds, so they are not installed.
OLDEST_TOOLS = {
    "fastapi",
    "fastapi-offline",
    "freezegun",
    "httpx2",
    "hypothesis",
    "jinja2",
    "pytest-randomly",
    "pytest-xdist",
    "time-machine",
    "trio",
    "uvicorn",
}


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run every test, the slow ones included, on each Python that is there."""
    session.install("-e", ".[test]")
    session.run("pytest", "-n", "2", *EVERYTHING, *session.posargs)


@nox.session
def suite(session: nox.Session) -> None:
    """Run the suite as the README does: in random order, without what is slow and rare."""
    session.install("-e", ".[test]")
    session.run("pytest", "-n", "2", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Run every test in the order of the files, and require 100 % of lines and branches."""
    session.install("-e", ".[test]")
    session.run("coverage", "erase")
    session.run("coverage", "run", "-m", "pytest", "-n", "2", "-p", "no:randomly", *EVERYTHING)
    session.run("coverage", "combine", "-q")
    session.run("coverage", "report")


@nox.session
def lint(session: nox.Session) -> None:
    """Check the style of the source, and the workflows with what audits such files."""
    session.install("-e", ".[lint]")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    workflows = sorted(str(path) for path in Path(".github/workflows").iterdir())
    for schema, files in (
        ("vendor.github-workflows", workflows),
        ("custom.github-workflows-require-timeout", workflows),
        ("vendor.dependabot", [".github/dependabot.yml"]),
    ):
        session.run("check-jsonschema", "--builtin-schema", schema, *files)
    session.run("zizmor", "--offline", "--quiet", ".github")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the package, of its public face as users see it, and of what uses it."""
    session.install("-e", ".[test,lint,benchmarks]", "nox")
    session.run("mypy")
    session.run("mypy", "tests/typing/api.py")
    session.run("mypy", *(str(path) for path in sorted(Path("examples").glob("*/*.py"))))
    session.run("mypy", "benchmarks")
    session.run("mypy", "noxfile.py")
    session.run("pyright", "tests/typing/api.py")


@nox.session
def imports(session: nox.Session) -> None:
    """Check the directions of imports."""
    session.install("-e", ".[test,lint]")
    session.run("lint-imports", "--no-logo", "--no-cache")
    session.run("pytest", "tests/house/test_imports.py")


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation, a warning being an error."""
    session.install("-e", ".[docs]")
    shutil.rmtree("docs/_build", ignore_errors=True)
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "docs/_build/html")


@nox.session
def package(session: nox.Session) -> None:
    """Build both distributions, check them, and run the examples with the wheel alone."""
    session.install("-e", ".[package]")
    shutil.rmtree("dist", ignore_errors=True)
    session.run("python", "-m", "build")
    built = sorted(Path("dist").iterdir())
    session.run("twine", "check", "--strict", *map(str, built))
    session.run("check-sdist")
    (wheel,) = (path.resolve() for path in built if path.suffix == ".whl")
    session.run("check-wheel-contents", str(wheel))

    # Far from the checkout, so that neither its source nor its settings are found.
    with tempfile.TemporaryDirectory() as folder, session.chdir(folder):
        shutil.copytree(ROOT / "examples", "examples", ignore=shutil.ignore_patterns("__pycache__"))
        session.run("python", "-m", "venv", "venv")
        python = Path("venv", "Scripts" if sys.platform == "win32" else "bin", "python").absolute()
        session.run(str(python), "-m", "pip", "install", "-q", f"{wheel}[server]", external=True)
        session.run(str(python), "-m", "pytest", "-W", "error", "examples", external=True)


@nox.session
def oldest(session: nox.Session) -> None:
    """Run the contract with the oldest versions that pyproject.toml claims."""
    project = PYPROJECT["project"]
    tools = (
        requirement
        for requirement in project["optional-dependencies"]["test"]
        if requirement.partition(">=")[0] in OLDEST_TOOLS
    )
    # Read off, so that a bound which is claimed is a bound which is tried.
    pinned = [line.replace(">=", "==") for line in (*project["dependencies"], *tools)]
    session.install("-e", ".", *pinned)
    session.run("pytest", "-n", "2", *(session.posargs or OLDEST))


@nox.session
def browser(session: nox.Session) -> None:
    """Run the script of the report's page in a browser from a wheel."""
    session.install("-e", ".[browser]")
    session.run("pytest", "browser", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Try whether the benchmarks work: their figures in this short form mean nothing."""
    session.install("-e", ".[benchmarks]")
    session.run("python", "-m", "benchmarks", "--short", *session.posargs)


@nox.session
def pinned(session: nox.Session) -> None:
    """Compare the profile ``deployed`` with the releases under which the service runs."""
    session.install("-e", ".[test]")
    # They want an older pydantic than the package does, so the service has an environment apart.
    service = Path(session.create_tmp()) / "service"
    session.run("python", "-m", "venv", str(service))
    python = str(service / "bin" / "python")
    session.run(python, "-m", "pip", "install", "-q", *DEPLOYED, external=True)
    session.run("python", "-m", "tests.verify.pinned", python, *session.posargs)


@nox.session
def compat(session: nox.Session) -> None:
    """Run the suites of other mocks without the plugin, with it, and below an active fake."""
    session.run("python", "compat/run.py", str(Path(session.cache_dir) / "compat"))


@nox.session
def matrix(session: nox.Session) -> None:
    """Run the fake under tracers that are too heavy for the other sessions."""
    session.install("-e", ".[matrix]")
    session.run("pytest", "tests/matrix", "-p", "no:randomly", *session.posargs)
