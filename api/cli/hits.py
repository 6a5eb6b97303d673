"""An answer as a person reads it: rank, score, language, title, text with its highlights, source, reasons.

Not for programs: they take `--json`.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.cli.terminal import columns, harmless, lines
from api.latin import latin_text, latin_words
from search.types import Answer, Highlight, Hit, Match, ReadAs

_RESET, _BOLD, _DIM = "\x1b[0m", "\x1b[1m", "\x1b[2m"
_KINDS = {
    "word": "\x1b[1;33m",
    "stem": "\x1b[1;33m",
    "sound": "\x1b[1;36m",
    "translation": "\x1b[1;35m",
    "meaning": "\x1b[4m",
}
_INDENT = " " * 4


class Page:
    """How to draw hits: in colours? wrapped to which `width` (0: not at all)? Hindi in Latin letters?"""

    def __init__(self, *, colour: bool, width: int, latin: bool) -> None:
        self.colour, self.width, self.latin = colour, width, latin

    def draw(self, answer: Answer) -> str:
        return "\n\n".join(self._hit(hit) for hit in answer.hits)

    def _hit(self, hit: Hit) -> str:
        text, highlights = latin_text(hit.text, hit.highlights) if self.latin else (hit.text, hit.highlights)
        parts = [f"{hit.rank:>3} {self._title(hit)}", self._body(harmless(text), highlights)]
        parts.append(_INDENT + self._paint(_DIM, harmless(_source_line(hit))))
        if hit.why:
            parts.append(
                _INDENT
                + self._paint(_DIM, "why: ")
                + harmless(", ".join(reason(match, latin=self.latin) for match in hit.why))
            )
        return "\n".join(parts)

    def _title(self, hit: Hit) -> str:
        names = [name for name in (hit.title, hit.heading) if name]
        if self.latin:
            names = [latin_text(name)[0] for name in names]
        title = harmless(" — ".join(names))
        return f"{self._paint(_DIM, f'{hit.score:.2f} {hit.lang:<2}')} {self._paint(_BOLD, title)}"

    def _body(self, text: str, highlights: Sequence[Highlight]) -> str:
        limit = max(self.width - columns(_INDENT), 20) if self.width else None
        return "\n".join(
            _INDENT + self._line(text, start, end, highlights) for start, end in lines(text, limit)
        )

    def _line(self, text: str, start: int, end: int, highlights: Sequence[Highlight]) -> str:
        out: list[str] = []
        read = start
        for light in sorted(highlights, key=lambda light: light.start) if self.colour else ():
            left, right = max(light.start, read), min(light.end, end)
            if left < right:
                out += (text[read:left], self._paint(_KINDS[light.kind], text[left:right]))
                read = right
        return "".join(out) + text[read:end]

    def _paint(self, style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if self.colour and text else text


def reason(match: Match, *, latin: bool = False) -> str:
    """One reason in a few words: `corridor → गलियारे (translation 22 %)`."""
    share = f"{match.share:.0%}".replace("%", " %")
    if match.kind == "meaning":
        return f"meaning {share}"
    same = match.query.casefold() == match.matched.casefold()
    matched = latin_words(match.matched) if latin else match.matched
    words = matched if same else f"{match.query} → {matched}"
    return f"{words} ({match.kind} {share})"


def read_words(read_as: ReadAs) -> str:
    """The query with its romanised words as the Hindi ones they were read as."""
    return " ".join(
        token.words[0] if token.language == "hi-Latn" and token.words else token.token
        for token in read_as.tokens
    )


def summary(answer: Answer) -> str:
    """The line under the hits: how many of how many, how long, by which index."""
    index = answer.index
    found = f"{len(answer.hits)} of {answer.total}" if answer.hits else "no hits"
    return f"{found} in {answer.took_ms:.1f} ms · {index.passages} passages, encoder {index.encoder}"


def _source_line(hit: Hit) -> str:
    return " · ".join(part for part in (hit.id, hit.date, hit.url or hit.source) if part)
