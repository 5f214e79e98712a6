"""A text that a person typed, as safe markup: headings, lists and paragraphs; everything else is shown as typed."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from beffroi.web.markup import safe

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

_HEADING = re.compile(r"(#{1,3})\s+(.+)")
_POINT = re.compile(r"[-*]\s+(.+)")
_NUMBER = re.compile(r"\d{1,3}[.)]\s+(.+)")
SHALLOWEST = 3  # below the headings of the page


def prose(text: str) -> SafeString:
    r"""Lines that begin with `#` are headings, with `-` or `1.` points of a list; an empty line ends a paragraph.

    >>> str(prose("# Prix\n\n- trois <b>\n- deux\n\nfin"))
    '<h3>Prix</h3><ul><li>trois &lt;b&gt;</li><li>deux</li></ul><p>fin</p>'
    """
    parts: list[str] = []
    kind = ""
    held: list[str] = []

    def close() -> None:
        if held:
            inner = "<br>".join(held) if kind == "p" else "".join(f"<li>{one}</li>" for one in held)
            parts.append(f"<{kind}>{inner}</{kind}>")
            held.clear()

    for line in [*text.splitlines(), ""]:
        clean = line.strip()
        new, content = _read(clean)
        if new != kind or not clean:
            close()
            kind = new
        if new == "h":
            level = min(SHALLOWEST + len(clean) - len(clean.lstrip("#")) - 1, 6)
            parts.append(f"<h{level}>{escape(content)}</h{level}>")
        elif clean:
            held.append(escape(content))
    return safe("".join(parts))


def _read(line: str) -> tuple[str, str]:
    for kind, pattern in (("ul", _POINT), ("ol", _NUMBER)):
        if found := pattern.fullmatch(line):
            return kind, found[1]
    if found := _HEADING.fullmatch(line):
        return "h", found[2]
    return "p", line
