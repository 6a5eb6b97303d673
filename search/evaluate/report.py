"""An evaluation as one self-contained HTML page: measures, a chart of the slices, the worst queries beside their hits.

Not for numbers in JSON: see `runs.FolderResult.summary`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from search.evaluate.measures import NAMES, Measured
from search.evaluate.runs import FolderResult
from search.types import Hit

_WORST = 12
_SHOWN_HITS = 3
_BAR = 420  # width of a bar of 1.0, in pixels
_STYLE = """
:root { color-scheme: light dark; --ink: #1d1b18; --paper: #fbfaf7; --line: #d9d4c8; --bar: #2f6f6a; --soft: #6b665c }
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece8df; --paper: #171614; --line: #3a372f; --bar: #6fb8b0; --soft: #a39d90 }
}
body {
  font: 16px/1.5 system-ui, "Noto Sans Devanagari", "Nirmala UI", Mangal, sans-serif;
  color: var(--ink); background: var(--paper); max-width: 70rem; margin: 2rem auto; padding: 0 1rem;
}
table { border-collapse: collapse; margin: 1rem 0 }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .8rem; text-align: right }
th:first-child, td:first-child { text-align: left }
small, .soft { color: var(--soft) }
article { border-top: 1px solid var(--line); padding: .8rem 0 }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem }
@media (max-width: 700px) { .pair { grid-template-columns: 1fr } }
.right { color: var(--bar); font-weight: 600 }
svg text { font: 13px system-ui, sans-serif; fill: currentColor }
rect { fill: var(--bar) }
svg line { stroke: var(--ink) }
"""


def page(results: Sequence[FolderResult], title: str) -> str:
    """The whole page; everything from queries and passages is escaped."""
    body = "".join(_section(result) for result in results)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style><h1>{escape(title)}</h1>{_table(results)}{body}</html>\n"
    )


def _table(results: Sequence[FolderResult]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in NAMES)
    rows = "".join(
        f"<tr><td>{escape(r.folder.name)}</td>{''.join(_cell(r.measured[name]) for name in NAMES)}"
        f"<td>{len(r.folder.queries)}</td></tr>"
        for r in results
    )
    note = "<p class=soft>Below each value: 95 % bootstrap interval.</p>"
    return f"<table><tr><th>set</th>{head}<th>queries</th></tr>{rows}</table>{note}"


def _cell(measured: Measured) -> str:
    low, high = measured.interval()
    return f"<td>{measured.mean:.3f}<br><small>{low:.3f}–{high:.3f}</small></td>"


def _section(result: FolderResult) -> str:
    worst = "".join(_worst(result))
    return (
        f"<h2>{escape(result.folder.name)}</h2>{_chart(result)}<h3>Worst queries</h3>"
        f"{worst or '<p>Every query has its passage first.</p>'}"
    )


def _chart(result: FolderResult) -> str:
    """nDCG@10 of each slice as bars with their intervals."""
    whole = {result.slices[0]: (result.measured["nDCG@10"], len(result.slices))}
    slices = result.by_slice() or whole
    height = 34 * len(slices) + 6
    bars = []
    for i, (name, (measured, count)) in enumerate(slices.items()):
        low, high = measured.interval()
        y = 34 * i + 6
        bars.append(
            f'<text x="0" y="{y + 17}">{escape(name)} ({count})</text>'
            f'<rect x="190" y="{y}" width="{_BAR * measured.mean:.1f}" height="24" rx="3"/>'
            f'<line x1="{190 + _BAR * low:.1f}" x2="{190 + _BAR * high:.1f}" y1="{y + 12}" y2="{y + 12}"/>'
            f'<text x="{200 + _BAR * max(high, measured.mean):.1f}" y="{y + 17}">{measured.mean:.3f}</text>'
        )
    label = f"nDCG@10 by query script and passage language in {result.folder.name}"
    return (
        f'<svg role="img" aria-label="{escape(label)}" width="700" height="{height}" viewBox="0 0 700 {height}">'
        f"{''.join(bars)}</svg>"
    )


def _worst(result: FolderResult) -> Iterator[str]:
    values = result.measured["nDCG@10"].values
    for row in sorted(range(len(values)), key=lambda row: values[row])[:_WORST]:
        if values[row] >= 1:
            return
        query = result.folder.queries[row]
        relevant = {document for document, grade in result.folder.qrels[query.id].items() if grade > 0}
        hits = result.answers[row]
        returned = "".join(_hit(hit, relevant) for hit in hits[:_SHOWN_HITS]) or "<p>nothing</p>"
        yield (
            f"<article><b>{escape(query.text)}</b> <small>{escape(query.id)}, nDCG@10 {values[row]:.3f}</small>"
            f"<div class=pair><div><small>relevant</small>{_relevant(hits, relevant)}</div>"
            f"<div><small>returned</small>{returned}</div></div></article>"
        )


def _relevant(hits: Sequence[Hit], relevant: set[str]) -> str:
    found = {hit.id if hit.id in relevant else hit.document_id: hit for hit in reversed(hits)}
    parts = []
    for document in sorted(relevant):
        hit = found.get(document)
        where = f"rank {hit.rank}: {escape(_short(hit.text))}" if hit else f"not among the first {len(hits)}"
        parts.append(f"<p>{escape(document)} <small>{where}</small></p>")
    return "".join(parts)


def _hit(hit: Hit, relevant: set[str]) -> str:
    right = hit.id in relevant or hit.document_id in relevant
    mark = ' class="right"' if right else ""
    return f"<p{mark}>{hit.rank}. {escape(hit.id)} <small>{hit.score:.3f}</small><br>{escape(_short(hit.text))}</p>"


def _short(text: str) -> str:
    return text if len(text) <= 240 else text[:239] + "…"
