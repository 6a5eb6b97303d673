"""Metadata fields as filters compare them: one number for a field and its value.

Not for which passages have them: see `columns`.
"""

from __future__ import annotations

import hashlib

from index.text.normalise import normalise


def facet_value(value: str | int | float | bool) -> str:
    """The form in which values are compared: 2023, 2023.0 and "2023" are one, and so are हिन्दी and हिंदी.

    >>> facet_value(2023.0), facet_value(True), facet_value(" Space ")
    ('2023', 'true', 'space')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return normalise(str(value)).strip().casefold()


def facet_key(name: str, value: str | int | float | bool) -> int:
    """64 bits of a hash: two facets of one corpus never share them in practice."""
    return int.from_bytes(
        hashlib.blake2b(f"{name}\0{facet_value(value)}".encode(), digest_size=8).digest(), "little"
    )
