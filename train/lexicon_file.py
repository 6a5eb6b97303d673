"""The lexicon's one file: tries and arrays as `index.lexicon` reads them, and the Latin spellings among them.

Not for what the rows say: see `lexicon`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import marisa_trie
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from index.lexicon.lexicon import ZIPF_STEPS
from index.text import lemmas
from index.text.fold import fold
from index.text.script import script_of
from index.text.sound import query_keys, sound_keys
from search.romanised import ranked, spelling_costs
from train.akin import Akin


def attested_spellings(folder: Path) -> Counter[tuple[str, str]]:
    pairs: Counter[tuple[str, str]] = Counter()
    for line in (folder / "romanised" / "dakshina-lexicon-train.tsv").read_text(encoding="utf8").splitlines():
        latin, hindi = line.split("\t")
        pairs[latin.lower(), fold(hindi)] += 1
    return pairs


def write(
    out: Path,
    table: dict[str, list[tuple[str, float]]],
    zipf: dict[str, float],
    spelled: Counter[tuple[str, str]],
    inflections: Mapping[str, str],
    kin: Akin,
) -> None:
    names = sorted({*table, *(target for row in table.values() for target, _ in row)})
    terms = marisa_trie.Trie(names)
    rows = [table.get(terms.restore_key(i), []) for i in range(len(terms))]
    kin_rows = [kin.get(terms.restore_key(i), []) for i in range(len(terms))]
    word_trie = marisa_trie.Trie(sorted(zipf))
    word_names = [word_trie.restore_key(i) for i in range(len(word_trie))]
    hindi = [i for i, w in enumerate(word_names) if script_of(w) == "deva"]
    keys = sound_keys([word_names[i] for i in hindi])
    key_trie = marisa_trie.Trie(sorted({key for own in keys for key in own}))
    by_key: list[list[int]] = [[] for _ in range(len(key_trie))]
    for i, own in zip(hindi, keys, strict=True):
        for key in own:
            by_key[key_trie[key]].append(i)
    odd = unexplained(
        spelled, zipf, lambda key: [word_names[i] for i in by_key[key_trie[key]]] if key in key_trie else []
    )
    spellings = marisa_trie.Trie(sorted(odd))
    out.parent.mkdir(parents=True, exist_ok=True)
    known_forms = lemmas.tensors(inflections)
    save_file(
        {
            "lemma_names": known_forms["names"], "lemmas": known_forms["lemmas"],
            "terms": _bytes(terms), "rows": _starts([len(r) for r in rows]),
            "targets": np.asarray([terms[t] for r in rows for t, _ in r], np.int32),
            "probabilities": np.asarray([round(p * 255) for r in rows for _, p in r], np.uint8),
            "kin_rows": _starts([len(r) for r in kin_rows]),
            "kin": np.asarray([terms[t] for r in kin_rows for t, _ in r], np.int32),
            "kin_cosines": np.asarray([round(c * 255) for r in kin_rows for _, c in r], np.uint8),
            "words": _bytes(word_trie),
            "zipf": np.asarray([round(zipf[w] * ZIPF_STEPS) for w in word_names], np.uint8),
            "keys": _bytes(key_trie), "key_rows": _starts([len(r) for r in by_key]),
            "key_words": np.asarray([i for r in by_key for i in r], np.int32),
            "spellings": _bytes(spellings),
            "spelling_words": np.asarray(
                [word_trie[odd[spellings.restore_key(i)]] for i in range(len(spellings))], np.int32
            ),
        },
        out,
    )  # fmt: skip
    out.chmod(0o644)


def unexplained(
    spelled: Counter[tuple[str, str]], zipf: Mapping[str, float], with_key: Callable[[str], Iterable[str]]
) -> dict[str, str]:
    """Latin spellings that would be taken for none of their words by the sound: the most frequent word of each."""
    meant: dict[str, list[str]] = defaultdict(list)
    for latin, hindi in sorted(spelled):
        meant[latin].append(hindi)

    def taken_for(latin: str) -> str:
        words = {word for key in query_keys([latin])[0] for word in with_key(key)}
        found = ranked(spelling_costs(latin, words), lambda word: zipf.get(word, 0.0))
        return found[0].word if found else ""

    return {
        latin: max(words, key=lambda word: zipf.get(word, 0.0))
        for latin, words in meant.items()
        if taken_for(latin) not in words
    }


def _bytes(trie: marisa_trie.Trie) -> NDArray[np.uint8]:
    return np.frombuffer(trie.tobytes(), np.uint8)


def _starts(sizes: list[int]) -> NDArray[np.int32]:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
