"""The documentation site: Sphinx with furo and MyST. It builds without a network."""

import sys
import types
from typing import Any

import pytest_paymock
from pytest_paymock import Paymock

project = "pytest-paymock"
author = "The pytest-paymock developers"
copyright = author  # noqa: A001 - Sphinx's name
version = release = pytest_paymock.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]

# A test writes ``paymock.outcomes.queue(...)``, so the reference does too. Where the class of such
# a part lives is nothing that a reader has to know.
_paymock = Paymock()
parts = types.ModuleType("paymock")
for _name in ("outcomes", "faults", "clock", "payments", "calls", "routes"):
    setattr(parts, _name, type(getattr(_paymock, _name)))
sys.modules["paymock"] = parts

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
add_module_names = False
python_maximum_signature_line_length = 88
napoleon_numpy_docstring = False
napoleon_use_rtype = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

html_theme = "furo"
html_title = f"pytest-paymock {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "friendly"
pygments_dark_style = "github-dark"


def without_what_nobody_calls(
    _: Any, what: str, name: str, *__: Any
) -> tuple[str, str | None] | None:
    """Leave out the signature of a class that is handed out and never made by its users."""
    handed_out = what == "class" and not name.endswith((".Paymock", ".Clock", ".Options"))
    return ("", None) if handed_out else None


def setup(app: Any) -> None:
    """Connect to Sphinx."""
    app.connect("autodoc-process-signature", without_what_nobody_calls)
