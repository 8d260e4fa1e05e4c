"""Run the test suites of other mocks without pytest-paymock, with it, and below an active fake.

No outcome of any of their tests may differ. The suites come from the sdists of the versions that
are installed beside the package; for one that carries none, a suite after its documentation stands
in ``documented``. All is done in an environment of its own, and within ``LIMIT`` seconds.

    python compat/run.py [DIRECTORY]
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import venv
import xml.etree.ElementTree as ET
from collections import Counter
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
LIMIT = 480
DEADLINE = time.monotonic() + LIMIT

STEADY = ("-q", "-p", "no:randomly", "-p", "no:cacheprovider", "-W", "default")

ACTIVE = (
    *("-p", "active"),
    # Where nobody asks, and where nothing is refused that the suite itself lets pass.
    *("--paymock-base-url=http://paymock.invalid", "--paymock-network=any"),
    "--paymock-guards=off",
)

MODES = {"without": ("-p", "no:paymock"), "with": (), "below an active fake": ACTIVE}


class Suite(NamedTuple):
    """One project: where its sdist keeps its tests, and what they need."""

    project: str
    tests: str
    needs: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()


SUITES = (
    Suite("respx", "tests", ("pytest-asyncio",), ("--asyncio-mode=auto",)),
    Suite(
        "responses",
        "responses/tests",
        ("pytest-asyncio", "pytest-httpserver", "tomli-w"),
        ("--asyncio-mode=auto",),
    ),
    Suite("pytest-httpx", "tests", ("pytest-asyncio",), ("-p", "pytester")),
    Suite("requests-mock", "tests", ("fixtures", "testtools", "purl", "requests-futures")),
)

Outcomes = dict[str, str]


def tell(words: str) -> None:
    """Say something at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def left() -> float:
    """Return how many seconds there are still."""
    return max(DEADLINE - time.monotonic(), 1)


class Environment:
    """An environment of its own, with the package, its neighbours, and what their tests need."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.output = directory / "output.txt"

    def make(self) -> None:
        """Make it, or bring up to date what an earlier run has left."""
        if not (self.directory / "venv").exists():
            venv.create(self.directory / "venv", with_pip=True, symlinks=True)
        needs = {need for suite in SUITES for need in (suite.project, *suite.needs)}
        self.pip("install", "-q", "-e", str(HERE.parent), *sorted(needs))

    def python(self, *arguments: str, place: Path = HERE, check: bool = True) -> None:
        """Run its Python, within what is left of the time; what it says goes to a file."""
        command = [str(self.directory / "venv" / "bin" / "python"), *arguments]
        environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
        with self.output.open("a") as output:
            subprocess.run(  # noqa: S603 - our own words
                command,
                check=check,
                timeout=left(),
                cwd=place,
                env=environment,
                stdout=output,
                stderr=output,
            )

    def pip(self, *arguments: str) -> None:
        """Run pip in it."""
        self.python("-m", "pip", "--disable-pip-version-check", *arguments)

    def version(self, project: str) -> str:
        """Return the version of a project that is installed in it."""
        sites = [str(place) for place in (self.directory / "venv" / "lib").glob("*/site-packages")]
        return next(iter(distributions(name=project, path=sites))).version

    def sdist(self, project: str) -> Path:
        """Return the unpacked sdist of the version that is installed."""
        name = f"{project}-{self.version(project)}"
        places = self.directory / "sdists"
        found = [places / name, places / name.replace("-", "_", project.count("-"))]
        if not any(place.exists() for place in found):
            words = ("download", "-q", "--no-binary", ":all:", "--no-deps", "-d", str(places))
            self.pip(*words, f"{project}=={self.version(project)}")
            for archive in places.glob("*.tar.gz"):
                with tarfile.open(archive) as packed:
                    packed.extractall(places, filter="data")
                archive.unlink()
        return next(place for place in found if place.exists())

    def run(self, tests: str, place: Path, arguments: tuple[str, ...]) -> Outcomes:
        """Run tests in a directory, and return the outcome of each."""
        report = self.directory / "report.xml"
        report.unlink(missing_ok=True)
        words = ("-m", "pytest", tests, *STEADY, *arguments, f"--junitxml={report}")
        self.python(*words, place=place, check=False)
        return _outcomes(report)


def _outcomes(report: Path) -> Outcomes:
    found: Outcomes = {}
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - of our own making
        name = f"{case.get('classname')}::{case.get('name')}"
        ends = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        found[name] = "+".join(sorted(ends)) or "passed"
    return found


def place_of(suite: Suite, environment: Environment) -> tuple[Path, str]:
    """Return the directory in which a suite is run, and what is run there."""
    sdist = environment.sdist(suite.project)
    if (sdist / suite.tests).exists():
        return sdist, suite.tests
    own = f"test_{suite.project.replace('-', '_')}.py"
    tell(f"{sdist.name}: the sdist carries no tests; those of documented/{own} stand for them")
    # Not where they stand: the configuration of this repository is not theirs.
    copied = environment.directory / "documented"
    copied.mkdir(exist_ok=True)
    shutil.copy(HERE / "documented" / own, copied)
    return copied, own


def differences(suite: Suite, environment: Environment) -> list[str]:
    """Run a suite in every mode, and return what differs."""
    place, tests = place_of(suite, environment)
    runs = {
        mode: environment.run(tests, place, (*suite.arguments, *arguments))
        for mode, arguments in MODES.items()
    }
    alone = runs["without"]
    counts = ", ".join(f"{count} {end}" for end, count in sorted(Counter(alone.values()).items()))
    tell(f"{suite.project} {environment.version(suite.project)}: {counts or 'no tests'}")
    if "passed" not in alone.values():
        return [f"{suite.project}: nothing passes without us; see {environment.output}"]
    return [
        f"{suite.project}: {name}: {alone.get(name)} without, {outcomes.get(name)} {mode}"
        for mode, outcomes in runs.items()
        for name in sorted({*alone, *outcomes})
        if alone.get(name) != outcomes.get(name)
    ]


def main() -> int:
    """Run all suites; return how the process ends."""
    begun = time.monotonic()
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp(prefix="compat-"))
    directory.mkdir(parents=True, exist_ok=True)
    environment = Environment(directory.resolve())
    environment.make()
    found = [line for suite in SUITES for line in differences(suite, environment)]
    tell("\n".join(found) or "no outcome differs")
    tell(f"{time.monotonic() - begun:.0f} of {LIMIT} seconds")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
