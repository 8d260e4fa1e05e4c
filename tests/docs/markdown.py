"""Reading a page of Markdown: its sections, its fenced blocks, its links.

How a Python block is meant can be read off it: one that begins with ``# name.py`` is a module that
the others import, one with ``def test_`` is a test file, any other is a script. The HTML comment
``FAILS`` in the line above says that a test fails on purpose; the next block shows what it prints.
"""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

FAILS = "<!-- this one fails -->"

_BLOCK = re.compile(r"^(?P<above>.*)\n```(?P<language>\w*)\n(?P<text>(?:.*\n)*?)```$", re.MULTILINE)
_MODULE = re.compile(r"# (\w+\.py)\n")
_TEST = re.compile(r"^(?:async )?def test_", re.MULTILINE)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


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
    def module(self) -> str | None:
        found = _MODULE.match(self.text)
        return found[1] if found else None

    @property
    def tests(self) -> int:
        return len(_TEST.findall(self.text))

    def __str__(self) -> str:
        return f"line {self.line}"


class Page:
    """One Markdown file of the repository."""

    def __init__(self, name: str) -> None:
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

    def after(self, block: Block) -> Block:
        """Return the next block."""
        return self.blocks[self.blocks.index(block) + 1]

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
    """Return the cells of the only table in a text, row by row, without the head."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]
