"""Reading a page of Markdown: its fenced blocks, sections, tables and links.

How a block is meant can be read off it:

- Its first line names a file, as in ``# shop.py`` or ``# pytest.ini``: it is that file.
- It holds ``def test_``: it is a test file.
- Any other Python block is a script; a ``text`` block right below it is what the script prints.

An HTML comment on the line above says more. ``FAILS``: a test in it fails on purpose, and the next
block shows what comes out. ``NOT_RUN``, with its reason: the block is only shown.

The blocks of one page are one project, in the order of the page. When a file appears again, the
project so far is run first: that is where a :class:`Stage` ends.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]

FAILS = "<!-- this one fails -->"
NOT_RUN = "<!-- not run: "

_BLOCK = re.compile(
    r"^(?P<above>.*)\n(?P<fence>`{3,})(?P<language>\S*).*\n(?P<text>(?:.*\n)*?)(?P=fence)$",
    re.MULTILINE,
)
_NAME = re.compile(r"[#;] ((?:\w+/)*\w+\.\w+)\n")
_TEST = re.compile(r"^ *(?:async )?def (test_\w*)", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(`{3,}).*?^\1$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One fenced block, and the line above it."""

    line: int
    above: str
    language: str
    text: str

    @property
    def fails(self) -> bool:
        return self.above == FAILS

    @property
    def runs(self) -> bool:
        return not self.above.startswith(NOT_RUN)

    @property
    def tests(self) -> list[str]:
        return _TEST.findall(self.text)

    @property
    def file(self) -> str | None:
        """The file that it is, None for a script and for what is only shown."""
        named = _NAME.match(self.text)
        if named and self.runs:
            return named[1]
        if self.language == "python" and self.runs and self.tests:
            return f"test_line_{self.line}.py"
        return None

    def __str__(self) -> str:
        return f"line {self.line}"


@dataclass
class Stage:
    """The files that a page adds or changes up to here; those before them are still there."""

    blocks: dict[str, Block] = field(default_factory=dict)


class Page:
    """One Markdown file of the repository."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.path = ROOT / name
        self.text = self.path.read_text(encoding="utf-8")

    @property
    def blocks(self) -> list[Block]:
        return [
            Block(
                self.text.count("\n", 0, found.start("text")),
                found["above"],
                found["language"],
                found["text"],
            )
            for found in _BLOCK.finditer(self.text)
        ]

    def blocks_in(self, language: str) -> list[Block]:
        return [block for block in self.blocks if block.language == language]

    @property
    def scripts(self) -> list[Block]:
        return [block for block in self.blocks_in("python") if block.runs and not block.file]

    @property
    def stages(self) -> list[Stage]:
        stages = [Stage()]
        for block in self.blocks:
            if block.file is None:
                continue
            if block.file in stages[-1].blocks:
                stages.append(Stage())
            stages[-1].blocks[block.file] = block
        return [stage for stage in stages if any(block.tests for block in stage.blocks.values())]

    def after(self, block: Block) -> Block:
        """Return the next block."""
        return self.blocks[self.blocks.index(block) + 1]

    def printed_by(self, script: Block) -> str | None:
        """Return what the page says that a script prints, if it says so."""
        index = self.blocks.index(script) + 1
        following = self.blocks[index : index + 1]
        return next((block.text for block in following if block.language == "text"), None)

    def section(self, title: str) -> str:
        """Return what stands under the only heading ``title``, up to the next one of its level."""
        [start] = re.finditer(rf"^(##+) {re.escape(title)}\n", self.text, re.MULTILINE)
        level = rf"^{start[1]} "
        return re.split(level, self.text[start.end() :], maxsplit=1, flags=re.MULTILINE)[0]

    @property
    def anchors(self) -> set[str]:
        titles = _HEADING.findall(_FENCE.sub("", self.text))
        return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}

    @property
    def links(self) -> list[str]:
        """Where its links point, those into the web left out."""
        found = _LINK.findall(_FENCE.sub("", self.text))
        return [link for link in found if "://" not in link]


def table(text: str) -> list[list[str]]:
    """Return the cells of the first table in a text, row by row, without the head."""
    [found, *_] = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found.splitlines()[2:]]


def pages() -> list[Page]:
    """Return the README and every page of the site."""
    built = ROOT / "docs" / "_build"
    found = sorted(path for path in (ROOT / "docs").rglob("*.md") if built not in path.parents)
    return [Page("README.md"), *(Page(path.relative_to(ROOT).as_posix()) for path in found)]
