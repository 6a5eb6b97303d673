"""What an English spelling may sound like, spelled as Hindi is typed: knight, nait; chess, ches or kes or shes.

By its letters alone, so a guess: several where English is undecided. Not for what is compared: see `sound`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

import regex

_MOST = 12  # guesses a word
# Spellings and what they may sound like; "=" is as they stand. The first that matches at a place counts.
_SOUNDS = (
    (r"^p(?=[nst])|^k(?=n)|^w(?=r)|^c(?=t)|^t(?=ch)", ("",)),  # psalm, knight, wrong, ctenophore, tchaikovsky
    (r"^wh", ("v",)),
    (r"^rh", ("r",)),
    (r"^x", ("j",)),  # xerox
    (r"^eu|^u(?=[nst][aeiou]|ra|ga)", ("yu", "=")),  # europe, union, utah
    (r"igh(?=t|$)", ("ai",)),
    (r"(?<=[aeiou])gh(?=t)", ("",)),
    (r"tch", ("ch",)),
    (r"sch", ("sh", "sk")),  # schumacher, school
    (r"cz", ("ch", "j")),  # czech, czar
    (r"que$", ("k",)),
    (r"qu", ("kv", "k")),
    (r"ch", ("ch", "k", "sh")),  # chess, chorus, machine
    (r"(?<=.)[gj]n(?=aa?n)", ("=", "gy")),  # vignan विज्ञान
    (r"dg(?=[eiy])", ("j",)),
    (r"g(?=[eiy])", ("=", "j")),
    (r"t(?=ure|ual|uat)", ("=", "ch")),
    (r"(?<=[aeiou])th(?=[aeiou])", ("=", "d")),  # father फादर
    (r"xx?", ("ks", "gj")),  # exam एग्जाम
    (r"(?<=..)e?s$", ("=", "j", "")),  # a plural, maybe
    (r"(?<=[aeiouynlmr])s(?=[aeiouym])", ("=", "j")),
    (r"(?<=^[^aeiou]{1,2})y$", ("ai", "i")),  # sky
    (r"(?<=[^aeiou])y$", ("i",)),
    (r"(?<=[^aeiou])y(?=[^aeiou])", ("i", "ai")),  # system, hydro
    (r"(?<=[aeiouy][^aeiou]{1,2})e$", ("", "=")),
)  # fmt: skip
_SPELLED = regex.compile("|".join(f"({pattern})" for pattern, _ in _SOUNDS))


def heard(word: str) -> Iterator[str]:
    """The likeliest first; a word that nothing is known of as it stands.

    >>> list(heard("knight")), list(heard("schumacher")), list(heard("delhi"))
    (['nait'], ['shumacher', 'shumaker', 'shumasher', 'skumacher', 'skumaker', 'skumasher'], ['delhi'])
    """
    parts: list[tuple[str, ...]] = []
    at = 0
    for match in _SPELLED.finditer(word):
        sounds = _SOUNDS[(match.lastindex or 0) - 1][1]
        parts += (word[at : match.start()],), tuple(match[0] if sound == "=" else sound for sound in sounds)
        at = match.end()
    return map("".join, islice(product(*parts, (word[at:],)), _MOST))
