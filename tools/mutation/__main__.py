"""Measures how many small faults in the code the tests notice: `python tools/mutation`.

Mutants come from cosmic-ray. Which modules, which tests and how many mutants stands in a file of
settings beside this one. The sample takes every k-th mutant, so that two runs try the same. Files
are changed in place and put back: run it in a checkout of its own. What was already tried is read
from the file of results, so a run that was stopped goes on where it ended.
"""

import argparse
import json
import re
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from cosmic_ray.commands.init import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB
from cosmic_ray.work_item import MutationSpec

Settings = dict[str, Any]
Result = dict[str, Any]


def mutants(modules: list[str], operators: list[str]) -> list[MutationSpec]:
    """Return all mutants of some modules in a fixed order.

    Args:
        modules: Paths or glob patterns of Python files.
        operators: Regular expressions of the names of operators.
    """
    paths = sorted({path for pattern in modules for path in Path().glob(pattern)})
    wanted = re.compile("|".join(f"core/(?:{operator})" for operator in operators))
    with tempfile.TemporaryDirectory() as folder:
        database = WorkDB(str(Path(folder, "session.sqlite")), WorkDB.Mode.create)
        init(paths, database, {})
        found = [mutation for item in database.work_items for mutation in item.mutations]
        database.close()
    fitting = [mutation for mutation in found if wanted.fullmatch(mutation.operator_name)]
    return sorted(fitting, key=lambda m: (str(m.module_path), m.start_pos, m.operator_name))


def sample(among: list[MutationSpec], count: int) -> list[MutationSpec]:
    """Return `count` mutants at equal distances, or all if there are fewer."""
    step = max(1.0, len(among) / count)
    return [among[int(index * step)] for index in range(min(count, len(among)))]


def tried(mutation: MutationSpec, tests: list[str], shared: Settings) -> Result:
    """Apply one mutant, run the tests, and return what came of it."""
    pytest = f"{sys.executable} -m pytest {shared['options']} {' '.join(tests)}"
    command = f"sh -c 'ulimit -t {shared['cpu_seconds']}; exec {pytest}'"
    result = mutate_and_test([mutation], command, shared["seconds"])
    return {
        "outcome": result.test_outcome.value if result.test_outcome else "not tried",
        "diff": re.findall(r"(?m)^[-+](?![-+] ).*$", result.diff or ""),
    }


def table(results: list[Result]) -> str:
    """Return a Markdown table of the groups, and the list of survivors."""
    lines = ["| group | mutants | killed | survived |", "|---|---|---|---|"]
    for name in [*dict.fromkeys(result["group"] for result in results), "all"]:
        outcomes = [r["outcome"] for r in results if name in ("all", r["group"])]
        killed, survived = outcomes.count("killed"), outcomes.count("survived")
        lines.append(f"| {name} | {len(outcomes)} | {killed} | {survived} |")
    for result in results:
        if result["outcome"] == "survived":
            lines += ["", f"{result['group']}: {result['mutant']}"]
            lines += ["", *(f"    {line}" for line in result["diff"])]
    return "\n".join(lines)


def main() -> None:
    """Try the mutants of all groups, or of those named, and print the table."""
    parser = argparse.ArgumentParser(prog="python tools/mutation")
    parser.add_argument("groups", nargs="*", help="only these groups of the settings")
    parser.add_argument("--settings", type=Path, default=Path(__file__).with_name("mutation.toml"))
    parser.add_argument("--results", type=Path, default=Path("mutation.jsonl"))
    parser.add_argument("--table", action="store_true", help="only print what was found before")
    arguments = parser.parse_args()

    settings = tomllib.loads(arguments.settings.read_text())
    results: list[Result] = []
    if arguments.results.exists():
        results += map(json.loads, arguments.results.read_text().splitlines())
    before = {result["mutant"] for result in results}
    groups = {} if arguments.table else settings["groups"]
    for name, group in groups.items():
        if arguments.groups and name not in arguments.groups:
            continue
        among = mutants(group["modules"], settings["operators"])
        for mutation in sample(among, group["mutants"]):
            place = f"{mutation.module_path}:{mutation.start_pos[0]}:{mutation.start_pos[1]}"
            mutant = f"{place} {mutation.operator_name} {mutation.occurrence}"
            if mutant in before:
                continue
            result = tried(mutation, group["tests"], settings)
            results.append({"group": name, "mutant": mutant, **result})
            with arguments.results.open("a") as file:
                file.write(json.dumps(results[-1]) + "\n")
            sys.stderr.write(f"{result['outcome']}: {mutant}\n")
    sys.stdout.write(table(results) + "\n")


if __name__ == "__main__":
    main()
