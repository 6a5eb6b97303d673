"""Markdown's inline marks taken off a paragraph: what remains is what a reader of the page would see.

Not for blocks (headings, fences, lists): see `markdown`. Every pattern is bounded, so that no text is slow.
"""

from __future__ import annotations

import html

import regex

_CODE = regex.compile(r"(?<![`\\])(`{1,3})(?!`)(.{1,500}?)(?<!`)\1(?!`)", regex.DOTALL)
_WORD = r"[\p{L}\p{M}\p{N}_]"
_TARGET = r"(?:[^()\s]|\([^()\s]{0,500}\)){0,2000}(?:\s{1,9}[\"'][^\"']{0,500}[\"'])?"
_RULES = tuple(
    (regex.compile(pattern, regex.DOTALL), new)
    for pattern, new in (
        (r"\[\^[^\]\s]{1,60}\](?!:)", ""),  # a footnote's mark
        (r"<br\s*/?>", " "),
        (r"<((?:https?|ftp|mailto):[^\s<>]{1,2000})>", r"\1"),
        (r"</?[A-Za-z][^<>]{0,500}>", ""),
        *[(rf"(?<!\\)!?\[([^\[\]]{{0,1000}})\]\({_TARGET}\)", r"\1")] * 2,  # twice: an image inside a link
        (r"(?<!\\)!?\[([^\[\]]{1,1000})\]\[[^\[\]]{0,200}\]", r"\1"),
        *[(r"(?<!\\)(\*{1,3})(?=[^\s*])([^*]{1,300})(?<=[^\s\\])\1(?!\*)", r"\2")] * 2,  # inner, outer
        (rf"(?<!{_WORD}|\\)(_{{1,3}})(?=[^\s_])(.{{1,300}}?)(?<=[^\s_\\])\1(?!{_WORD})", r"\2"),
        (r"(?<!\\)~~(?=\S)(.{1,300}?)(?<=\S)~~", r"\1"),
        (r"\\([!-/:-@\[-`{-~])", r"\1"),
    )
)  # fmt: skip


def without_marks(text: str) -> str:
    """The words of a paragraph; a code span keeps its content as it is.

    >>> without_marks("**चंद्रयान-3** [landed](https://isro.gov.in), see `rover_x` &amp; *snake_case*")
    'चंद्रयान-3 landed, see rover_x & snake_case'
    """
    out, read = [], 0
    for code in _CODE.finditer(text):
        out += [_plain(text[read : code.start()]), code[2].strip()]
        read = code.end()
    return "".join((*out, _plain(text[read:])))


def _plain(text: str) -> str:
    for pattern, new in _RULES:
        text = pattern.sub(new, text)
    return html.unescape(text).replace("\0", "")
