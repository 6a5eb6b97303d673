"""From what a reader found to a `Document`: header fields checked, the rest kept as metadata.

Not for finding them: each reader knows its own format.
"""

from __future__ import annotations

from collections.abc import Mapping

from index.sources.fields import KNOWN, date, identifier_fault, language, scalars
from index.sources.files import SourceFile
from index.sources.problems import Note, Unreadable
from index.types import Document, Section


def document(
    file: SourceFile,
    line: int,
    fields: Mapping[str, object],
    sections: tuple[Section, ...],
    note: Note,
    fallback_id: str,
) -> Document:
    """A document of `sections` with the fields of its header or record.

    A language or date that is not understood is noted and left out; what cannot be stored raises Unreadable.
    """
    if not any(section.text.strip() for section in sections):
        raise Unreadable(line, "no text in it; skipped")
    return Document(
        id=_identifier(fields.get("id"), fallback_id, line),
        title=" ".join(_string(fields, "title", line).split()),
        sections=sections,
        source=file.name,
        url=_string(fields, "url", line).strip(),
        date=_understood("date", fields, line, note),
        lang=_understood("lang", fields, line, note),
        metadata=scalars({name: value for name, value in fields.items() if name not in KNOWN}),
    )


def _identifier(value: object, fallback: str, line: int) -> str:
    if value is None:
        return fallback
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise Unreadable(line, f"its id is {_kind(value)}, not text or a whole number; skipped")
    fault = identifier_fault(str(value))
    if fault:
        raise Unreadable(line, f"its id cannot be used: {fault}; skipped")
    return str(value)


def _string(fields: Mapping[str, object], name: str, line: int) -> str:
    value = fields.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(line, f"its {name} is {_kind(value)}, not text; skipped")
    return value


def _understood(name: str, fields: Mapping[str, object], line: int, note: Note) -> str:
    value = fields.get(name)
    if name == "date" and isinstance(value, int) and not isinstance(value, bool):
        value = str(value)  # a year
    found = _string({name: value}, name, line)
    understood = date(found) if name == "date" else language(found)
    if understood is None:
        wanted = "ISO 8601 (2023-08-23, 2023-08 or 2023)" if name == "date" else "a code such as hi or en"
        note(line, f"{name} {found[:40]!r} is not {wanted}; kept without it")
    return understood or ""


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, dict):
        return "an object"
    return "a list" if isinstance(value, list) else "a number"
