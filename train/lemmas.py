"""Makes the table of headwords: which known form is an inflection of which word.

Rules propose, the glossary disposes: a form that has senses of its own there (*evening*, साथी) is another word's
inflection only where the two share a sense. Not for translation: see `lexicon`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

import regex

from index.text.stem import english_rule, hindi_rule, unsuffixed
from train.corpus import prepare
from train.glossary_files import Entry

Senses = Mapping[str, set[str]]

_LATIN = regex.compile(r"[a-z]+")
_DEVANAGARI = regex.compile(r"[\u0900-\u097F]+")
_PAST = regex.compile(r"[^e]ed$")  # not seed, need
_RARER = 1.0  # an unlisted headword may be rarer than its form by so many powers of ten

IRREGULAR_ENGLISH = """
used use, using use, uses use, men man, women woman, children child, people person, feet foot, teeth tooth, mice
mouse, geese goose, went go, gone go, was be, were be, been be, is be, are be, am be, being be, did do, done do, does
do, had have, has have, having have, made make, said say, says say, saw see, seen see, took take, taken take, came
come, gave give, given give, got get, gotten get, found find, thought think, told tell, became become, felt feel,
brought bring, began begin, begun begin, kept keep, held hold, wrote write, written write, stood stand, heard hear,
meant mean, met meet, ran run, paid pay, sat sit, spoke speak, spoken speak, led lead, grew grow, grown grow, lost
lose, fell fall, fallen fall, sent send, built build, understood understand, drew draw, drawn draw, broke break,
broken break, spent spend, risen rise, drove drive, driven drive, bought buy, wore wear, worn wear, chose choose,
chosen choose, ate eat, eaten eat, knew know, known know, flew fly, flown fly, taught teach, fought fight, caught
catch, sold sell, won win, slept sleep, sang sing, sung sing, swam swim, stole steal, stolen steal, threw throw,
thrown throw, forgot forget, forgotten forget, hid hide, hidden hide, wives wife, knives knife, leaves leaf, shelves
shelf, wolves wolf, halves half, thieves thief, dying die, lying lie, tying tie, dealt deal, dug dig, fled flee, froze
freeze, frozen freeze, laid lay, lent lend, lit light, rode ride, ridden ride, rang ring, rung ring, shook shake,
shaken shake, shone shine, shot shoot, sank sink, sunk sink, sought seek, sprang spring, stuck stick, struck strike,
swore swear, sworn swear, swept sweep, tore tear, torn tear, woke wake, wept weep, withdrew withdraw, withdrawn
withdraw, overcame overcome, underwent undergo, borne bear, bred breed, clung cling, crept creep, fed feed, forbade
forbid, forgave forgive, hung hang, sped speed, spun spin, split split, spread spread, better good, best good, worse
bad, worst bad, criteria criterion, phenomena phenomenon, bacteria bacterium, analyses analysis, crises crisis, theses
thesis, hypotheses hypothesis, indices index, matrices matrix, nuclei nucleus, fungi fungus, lives life, founded
founded, founding founded, series series, species species, news news, means means, physics physics
"""
# Forms whose root does not show; postpositions and auxiliaries that look like them stay as they are.
IRREGULAR_HINDI = """
किया करना, किए करना, कीजिए करना, गया जाना, गए जाना, गई जाना, गईं जाना, जाए जाना, हुआ होना, हुए होना, हुई होना, हुईं
होना, दिया देना, दिए देना, दी देना, दीं देना, दे देना, देगा देना, देंगे देना, दें देना, लिया लेना, ली लेना, लेगा लेना,
लेंगे लेना, लें लेना, ले लेना, पिया पीना, पी पीना, सिया सीना, छुआ छूना, छुई छूना, कीं करना, हों होना, हूं होना,
हो होना, होगा होना, होगी होना, होंगे होना, वाले वाला, वाली वाला,
वालों वाला, लूंगा लेना, लूंगी लेना, दूंगा देना, दूंगी देना, देगी देना, लेगी लेना, लीजिए लेना,
दीजिए देना, चुके चुकना, चुकी चुकना, चुका चुकना, लिए लिए, की की
"""


def _pairs(text: str) -> dict[str, str]:
    """Form → headword; a pair may break over a line."""
    return dict(pair.split() for pair in text.split(","))


_IRREGULAR = _pairs(IRREGULAR_ENGLISH) | _pairs(IRREGULAR_HINDI)

# British or rarer spellings with the letters that stand for them elsewhere.
_SPELLINGS = (
    ("isation", "ization"),
    ("ise", "ize"),
    ("our", "or"),
    ("tre", "ter"),
    ("ogue", "og"),
    ("ence", "ense"),
)


def english_candidates(form: str) -> Iterator[str]:
    """Headwords that an English form may be an inflection or a spelling of."""
    if form.endswith("ies"):
        yield form[:-3] + "y"
    if form.endswith("s") and not form.endswith("ss"):
        yield form[:-1]
    if form.endswith("es"):
        yield form[:-2]
    if form.endswith("ves"):
        yield form[:-3] + "f"
    for ending in ("ing", "ed", "er", "est"):
        base = form.removesuffix(ending)
        if base != form and len(base) > 1:
            yield from _bases(base)
    for other, usual in _SPELLINGS:
        for inflected in ("", "s", "d", "rs"):
            if form.endswith(other + inflected):
                yield form[: -len(other + inflected)] + usual + inflected


def _bases(base: str) -> Iterator[str]:
    likeliest = unsuffixed(base)
    yield likeliest
    if base.endswith("i"):
        yield base[:-1] + "y"
    if base.endswith("ll"):
        yield base[:-1]
    if likeliest == base + "e" and not (len(base) == 3 and base[-1] not in "wxy"):
        yield base
    elif likeliest == base:
        yield base + "e"


# Endings of nouns and adjectives, then of verbs: what a form ends with, and what its headword does.
_NOMINAL = (
    ("इयों", "ई"), ("इयां", "ई"), ("ियों", "ी"), ("ियों", "ि"), ("ियां", "ी"), ("ियां", "ि"), ("ाओं", "ा"),
    ("ाएं", "ा"), ("ुओं", "ु"), ("ुओं", "ू"), ("ुएं", "ु"), ("ुएं", "ू"), ("ों", ""), ("ों", "ा"), ("ो", "ा"),
    ("ें", ""), ("े", "ा"), ("ी", "ा"), ("ीं", "ा"), ("एं", ""), ("ओं", ""), ("यों", ""), ("यां", ""),
    ("ए", "या"), ("ई", "या"),
)  # fmt: skip
_VERBAL = (
    "ूंगा", "ूंगी", "ेगा", "ेगी", "ेंगे", "ेंगी", "ोगे", "ोगी", "एगा", "एगी", "एंगे", "एंगी", "ओगे", "ऊंगा", "ऊंगी", "कर", "के", "ने", "नी",
    "ता", "ते", "ती", "तीं", "या", "ये", "यी", "ए", "ई", "ईं", "इए", "िए", "िएगा", "ें", "एं", "ओ", "ऊं", "ूं", "ा", "े", "ी", "ीं",
    "ो", "",
)  # fmt: skip


def hindi_candidates(form: str, verbs: Collection[str]) -> Iterator[str]:
    """Headwords that a Hindi form may be an inflection of: nouns in their direct case, verbs as infinitives."""
    for ending, mended in _NOMINAL:
        if form.endswith(ending) and len(form) > len(ending) + 1:
            yield form[: -len(ending)] + mended
    for ending in _VERBAL:
        infinitive = form[: len(form) - len(ending)] + "ना"
        if form.endswith(ending) and infinitive in verbs:
            yield infinitive


def verbs_among(forms: Collection[str]) -> set[str]:
    """Infinitives of which other forms are seen too; सूचना (information) is none, since nobody writes सूचता."""
    roots = (form.removesuffix("ना") for form in forms if form.endswith("ना"))
    return {
        root + "ना" for root in roots if root + "ता" in forms and root + "ते" in forms and root + "ने" in forms
    }


def senses(found: Iterable[Entry]) -> dict[str, set[str]]:
    """For each single word of the glossary what it means: the words of its other side, by rule without inflection."""
    known: dict[str, set[str]] = defaultdict(set)
    for entry in found:
        english = [_one(head) for head in entry.english]
        meant = {english_rule(word) for head in entry.english for word in prepare(head)} - _FREE
        for sense in entry.hindi:
            parts = prepare(sense)
            for head in filter(None, english):
                known[head] |= {hindi_rule(part) for part in parts} - (_FREE if len(parts) > 1 else set())
            if len(parts) == 1:
                known[parts[0]] |= meant
    return dict(known)


# Words that glosses are made with; that two glosses share one of them says nothing.
_GLOSSING = """
a an the of to in on for with by from and or be is as at who which that one करना होना देना लेना जाना का की के को से में
पर ने वाला वाली वाले सबसे अधिक हुआ हुई हुए और या एक कर हो दे ले जा रहना रखना
"""
_FREE = frozenset(_GLOSSING.split())


def _one(text: str) -> str | None:
    found = prepare(text)
    return found[0] if len(found) == 1 else None


def verbal(found: Iterable[Entry]) -> set[str]:
    """English words of the glossary that are verbs too, by an infinitive among their senses."""
    return {
        word
        for entry in found
        if any(sense.endswith("ना") for sense in entry.hindi)
        for word in map(_one, entry.english)
        if word
    }


def headwords(
    zipf: Mapping[str, float], known: Senses, verbal: Collection[str] = frozenset()
) -> dict[str, str]:
    """Form -> headword for every form of `zipf` (folded form -> log10 of its frequency a billion words).

    A form in -ed is always one of its verb, if that is among the `verbal` words (*processed*, *united*).
    """
    table = dict(_IRREGULAR)
    verbs = verbs_among(zipf)
    wider = {form: _with_infinitives(meant, verbs) for form, meant in known.items()}
    for form in zipf:
        if form in _IRREGULAR:
            continue
        if _LATIN.fullmatch(form):
            meant = known if _compared(form) else wider
            table[form] = _verb_of(form, verbal) or _headword(form, english_candidates(form), zipf, meant)
        elif _DEVANAGARI.fullmatch(form):
            table[form] = _headword(form, hindi_candidates(form, verbs), zipf, known)
    return {form: _resolved(form, table) for form in table}


def _verb_of(form: str, verbal: Collection[str]) -> str:
    """The verb that a form in -ed is one of; "" if none is listed."""
    listed = [c for c in english_candidates(form) if c in verbal] if _PAST.search(form) else []
    return _by_rule(form) if _by_rule(form) in listed else next(iter(listed), "")


def _with_infinitives(meant: set[str], verbs: Collection[str]) -> set[str]:
    """With the infinitives of the Hindi verb forms among the senses: पहुंचा (reached) means what पहुंचना (reach) does."""
    hindi = (word for word in meant if _DEVANAGARI.fullmatch(word))
    return meant | {c for word in hindi for c in hindi_candidates(word, verbs) if c in verbs}


def _headword(form: str, candidates: Iterable[str], zipf: Mapping[str, float], known: Senses) -> str:
    """The best candidate: one that shares the form's senses, or, for a form without any, one that has some."""
    proposed = [c for c in dict.fromkeys(candidates) if c != form and len(c) > 1]
    if known.get(form):
        plural = next((c for c in proposed if c == _by_rule(form) and c not in known and c in zipf), None)
        related = [
            (len(known[form] & known[c]) / len(known[form] | known[c]), c) for c in proposed if known.get(c)
        ]
        shared = [(share, c) for share, c in related if share > 0]
        if shared:
            return max(shared, key=lambda item: (item[0], zipf.get(item[1], 0.0)))[1]
        return plural or form
    # Spelling tells more than frequency: `noted` is of note, though `not` is commoner.
    listed = [c for c in proposed if c in known and not _compared(form)]
    if listed:
        return max(listed, key=lambda c: (c == _by_rule(form), zipf.get(c, 0.0)))
    seen = [
        c
        for c in proposed
        if c in zipf and (c.endswith("ना") or zipf[c] >= zipf[form] - _RARER) and _sure(form, c)
    ]
    return max(seen, key=lambda c: zipf[c]) if seen else _by_rule(form)


def _by_rule(form: str) -> str:
    return english_rule(form) if form.isascii() else hindi_rule(form)


def _compared(form: str) -> bool:
    return form.isascii() and form.endswith(("er", "ers", "est"))


def _sure(form: str, candidate: str) -> bool:
    """Whether the ending alone makes an inflection likely where no list has the headword: not for -er, -est, ी, े."""
    return not (_compared(form) or form.endswith(("ी", "े", "ो", "ा"))) or candidate.endswith("ना")


def _resolved(form: str, table: Mapping[str, str]) -> str:
    """The end of the chain form -> headword -> its headword; a circle ends where it closes."""
    seen: list[str] = []
    while form not in seen:
        seen.append(form)
        form = table.get(form, form)
    return min(seen[seen.index(form) :])


def exceptions(table: Mapping[str, str]) -> dict[str, str]:
    """What the rules alone would get wrong."""
    return {form: lemma for form, lemma in table.items() if _by_rule(form) != lemma}
