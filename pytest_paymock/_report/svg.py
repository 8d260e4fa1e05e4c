"""Elements of a drawing, as markup in which every value is escaped."""

from html import escape


def element(name: str, text: str | None = None, /, **attributes: str | float) -> str:
    """Return one element with a text in it, or an empty one.

    >>> element("text", "a < b", x=1.50, class_="note")
    '<text x="1.5" class="note">a &lt; b</text>'

    Args:
        name: the element's, such as ``line``.
        text: the content.
        attributes: an underscore at the end of a name goes, one within it is a dash.
    """
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{given}/>" if text is None else f"<{name}{given}>{escape(text)}</{name}>"


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def drawing(label: str, width: float, height: float, parts: list[str], **attributes: str) -> str:
    """Return a drawing with a label for screen readers."""
    head = element(
        "svg",
        "",
        viewBox=f"0 0 {_value(width)} {_value(height)}",
        role="img",
        aria_label=label,
        **attributes,
    )
    return f"{head.removesuffix('</svg>')}{''.join(parts)}</svg>"


def cut_within(text: str, most: int) -> str:
    """Return a text cut in its middle, since names that begin alike differ at the end.

    >>> cut_within("customer_0000000042", 15)
    'custome…0000042'
    """
    half = most // 2
    return text if len(text) <= most else f"{text[:half]}…{text[len(text) - most + half + 1 :]}"


def cut(text: str, most: int) -> str:
    """Return a text cut at its end."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
