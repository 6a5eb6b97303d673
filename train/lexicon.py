"""Makes the bundled lexicon: translation table, units, word frequencies, Latin spellings.

usage: python -m train.lexicon DATA_DIR [--teacher MODEL] [--glossary DIR] [--out FILE]

The table mixes what the glossary says with what IBM model 1 learns from the parallel pairs, over stems and units.
"""

from __future__ import annotations

import argparse
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from pathlib import Path

import numpy as np

from index.lexicon.lexicon import BUNDLED
from index.text import lemmas
from index.text.analyse import Units
from index.text.fold import fold
from index.text.script import script_of
from index.text.stem import stem
from index.text.tokens import words
from train.akin import FORMS, akin, by_teacher
from train.akin import headwords as headwords_of
from train.corpus import prepare
from train.glossary_files import Entry, entries
from train.ibm1 import Bags, translation_probabilities
from train.lemmas import exceptions, headwords, senses, verbal
from train.lexicon_file import attested_spellings, write

# How far to trust a source for translation: software documents are many, narrow and code-mixed; scripture is archaic.
SOURCE_WEIGHT = {
    "bible-bsb-irv": 0.3, "bible-web-irv": 0.0, "docs-openclaw": 0.15, "docs-i2p": 0.2, "docs-xcsh": 0.2,
    "docs-forkful": 0.3, "docs-fastapi": 0.3, "tico19": 2.0, "ud-pud": 3.0, "tatoeba-manythings": 2.0,
    "joshua-devtest-4ref": 1.0, "cldr-names": 1.0, "tico19-terms": 2.0,
}  # fmt: skip
OTHER_WEIGHT = 0.4
GLOSSARY_SHARE = 0.7  # of a row's probability, where both speak
SENSE_DECAY = 0.6  # each further sense of an entry weighs this much of the one before
INFLECTED = 0.6  # what is said of an inflected form, of its headword
BARE = 0.9  # a sense without its light verb: गिरफ्तार for गिरफ्तार करना
MIN_LEARNT = 0.03  # geometric mean of both directions
NARROW = 1.3  # powers of ten by which the parallel lines say more of a word than general text would
DOUBT = 1.0  # a pair expected n times is believed n / (n + DOUBT)
SURE = 0.5  # what the pairs of a term believed less than this in all leave open stays open
MAX_TRANSLATIONS = 14
MAX_SENTENCE = 60

Row = dict[str, float]


@cache
def _stem_of(token: str) -> str:
    folded = fold(token)
    return stem(folded) if folded else ""


def stems(text: str) -> tuple[str, ...]:
    return tuple(s for s in map(_stem_of, words(text)) if s)


def parallel_pairs(folder: Path) -> Iterator[tuple[float, str, str]]:
    """Weight, English and Hindi of every usable line."""
    for path in sorted((folder / "parallel").glob("*.tsv")):
        weight = SOURCE_WEIGHT.get(path.stem, OTHER_WEIGHT)
        if weight:
            for line in path.read_text(encoding="utf8").splitlines():
                english, hindi = line.split("\t")[:2]
                yield weight, english, hindi


def glossary_rows(found: Iterable[Entry]) -> tuple[dict[str, Row], dict[str, Row]]:
    """English to Hindi and back, over stems and units; weights fall with the order of the senses."""
    to_hindi: dict[str, Row] = defaultdict(dict)
    to_english: dict[str, Row] = defaultdict(dict)
    for entry in found:
        for english in entry.english:
            source = " ".join(stems(english))
            trust = 1.0 if source == " ".join(prepare(english)) else INFLECTED
            for rank, sense in enumerate(entry.hindi):
                for target, weight in _targets(stems(sense)):
                    if source and target:
                        weight *= trust * SENSE_DECAY**rank
                        to_hindi[source][target] = max(weight, to_hindi[source].get(target, 0.0))
                        to_english[target][source] = max(weight, to_english[target].get(source, 0.0))
    return to_hindi, to_english


def _targets(sense: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """A sense, and what is left of it without a verb that only makes it one."""
    yield " ".join(sense), 1.0
    if len(sense) > 1 and sense[-1] in _light():
        yield " ".join(sense[:-1]), BARE


@cache
def _light() -> frozenset[str]:
    return frozenset(stems("करना होना देना लेना जाना रखना लगाना बनाना पाना आना मारना डालना मांगना कराना करवाना"))


def learnt_rows(folder: Path, units: Units) -> tuple[dict[str, Row], dict[str, Row]]:
    """Both directions by IBM model 1; a unit stands in its sentence beside its words."""
    english_ids: dict[str, int] = {}
    hindi_ids: dict[str, int] = {}
    sides: tuple[list[list[int]], list[list[int]]] = ([], [])
    weights: list[float] = []
    for weight, english, hindi in parallel_pairs(folder):
        rows = [
            sorted(
                {
                    ids.setdefault(term, len(ids))
                    for term in _with_units(stems(text), units)
                    if script_of(term) == script
                }
            )
            for text, ids, script in ((english, english_ids, "latn"), (hindi, hindi_ids, "deva"))
        ]
        if all(0 < len(row) <= MAX_SENTENCE for row in rows):
            sides[0].append(rows[0])
            sides[1].append(rows[1])
            weights.append(weight)
    pairs, forward, backward, times = translation_probabilities(
        Bags.of(sides[0]), Bags.of(sides[1]), np.asarray(weights)
    )
    width = max(map(max, sides[1])) + 1
    agreed = np.sqrt(forward * backward) * times / (times + DOUBT)
    kept = agreed > MIN_LEARNT
    names = list(english_ids), list(hindi_ids)
    to_hindi: dict[str, Row] = defaultdict(dict)
    to_english: dict[str, Row] = defaultdict(dict)
    for pair, weight in zip(pairs[kept].tolist(), agreed[kept].tolist(), strict=True):
        source, target = names[0][pair // width], names[1][pair % width]
        to_hindi[source][target] = to_english[target][source] = weight
    return to_hindi, to_english


def _with_units(found: tuple[str, ...], units: Units) -> list[str]:
    return [*found, *(" ".join(found[a:b]) for a, b in units.find(found))]


def mix(glossary: dict[str, Row], learnt: dict[str, Row]) -> dict[str, list[tuple[str, float]]]:
    """One row a term: both sources' probabilities, the glossary's at GLOSSARY_SHARE where it has the term."""
    table = {}
    for term in sorted({*glossary, *learnt}):
        row: Row = defaultdict(float)
        share = GLOSSARY_SHARE if term in glossary else 0.0
        for source, part in ((glossary, share if term in learnt else 1.0), (learnt, 1.0 - share)):
            found = source.get(term, {})
            total = sum(found.values())
            if source is learnt:
                total = max(total, SURE)
            for target, weight in found.items():
                row[target] += part * weight / total
        best = sorted(row.items(), key=lambda item: (-item[1], item[0]))[:MAX_TRANSLATIONS]
        table[term] = [(target, p) for target, p in best if p >= 1 / 255]
    return table


def frequencies(known: Iterable[str]) -> dict[str, float]:
    """Zipf frequency of the folded forms in general text; 1.0 for words that only data or glossary have."""
    from wordfreq import iter_wordlist, word_frequency

    total: dict[str, float] = defaultdict(float)
    for lang, script in (("en", "latn"), ("hi", "deva")):
        for word in iter_wordlist(lang):
            for token in words(word):
                folded = fold(token)
                if folded and script_of(folded) == script:
                    total[folded] += word_frequency(word, lang)
    zipf = {word: 9 + math.log10(f) for word, f in total.items() if f > 10**-7.6}
    for word in known:
        if word:
            zipf.setdefault(word, 1.0)
    return zipf


def frequent(language: str, count: int) -> list[str]:
    from wordfreq import top_n_list

    found: list[str] = top_n_list(language, count)
    return found


def seen_in(folder: Path, zipf: Mapping[str, float]) -> dict[str, float]:
    """Zipf frequency of further forms that stand more than once in the parallel lines, all of which are narrow."""
    counts: Counter[str] = Counter()
    for path in sorted((folder / "parallel").glob("*.tsv")):
        counts.update(words(path.read_text(encoding="utf8")))
    folded: Counter[str] = Counter()
    for token, count in counts.items():
        folded[fold(token)] += count
    total = sum(folded.values())
    return {
        form: 9 + math.log10(count / total) - NARROW
        for form, count in folded.items()
        if count > 1 and form and form not in zipf
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--teacher", default="", help="a sentence-transformers model that knows words akin")
    parser.add_argument("--glossary", type=Path, default=Path(__file__).parent / "glossary")
    parser.add_argument("--out", type=Path, default=BUNDLED)
    args = parser.parse_args()
    glossary = list(entries(args.glossary))
    spelled = attested_spellings(args.data)
    zipf = frequencies(chain(_words_of(glossary), (hindi for _, hindi in spelled)))
    forms = headwords(zipf | seen_in(args.data, zipf), senses(glossary), verbal(glossary))
    lemmas.use(forms)
    to_hindi, to_english = glossary_rows(glossary)
    units = Units([tuple(term.split(" ")) for term in (*to_hindi, *to_english) if " " in term])
    learnt_hindi, learnt_english = learnt_rows(args.data, units)
    table = mix(to_hindi, learnt_hindi) | mix(to_english, learnt_english)
    stems_asked = headwords_of(frequent("en", FORMS), table.__contains__)
    kin = akin(stems_asked, by_teacher(args.teacher)) if args.teacher else {}
    write(args.out, table, zipf, spelled, exceptions(forms), kin)
    print(
        f"{len(table)} rows, {len(units.by_pair)} unit heads, {len(zipf)} words, {len(exceptions(forms))} inflections, "
        f"{len(kin)} words with kin, "
        f"{args.out.stat().st_size:,} bytes"
    )


def _words_of(glossary: Iterable[Entry]) -> Iterator[str]:
    for entry in glossary:
        for part in (*entry.english, *entry.hindi):
            yield from prepare(part)


if __name__ == "__main__":
    main()
