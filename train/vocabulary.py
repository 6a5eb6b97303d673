"""The encoder's pieces: frequent words of both languages whole, and word parts that spell every other word.

Not for their vectors: see `fit`.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from wordfreq import get_frequency_dict

from train.corpus import Pairs, Words, prepare
from train.ragged import Ragged

UNKNOWN = "[UNK]"
_LONGEST_WORD = 40
# A rare word counts for more in the choice of parts than its frequency: it is the one that will be cut.
_DAMPING = 0.5
_PRIVATE = 0xF0000
_COMMON = 1e-5  # a word of general language that gets a piece even where no line has it


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of running text each known word is, in the weighted corpus, in general and in the glossary."""

    of_word: dict[str, float]

    @classmethod
    def measure(
        cls, known: Words, corpus: Pairs, glossary: Pairs, *, general: float = 1.0, entry: float = 2e-6
    ) -> Shares:
        """`general` weighs everyday language against the corpus, which is heavy in scripture and software;
        `entry` is the share that a glossary entry adds to its words."""
        names = known.list
        total = np.zeros(len(names))
        for side in ("english", "hindi"):
            counted = _counts(getattr(corpus, side), corpus.weight, len(names))
            total += counted / max(counted.sum(), 1)
            total += entry * np.minimum(_counts(getattr(glossary, side), glossary.weight, len(names)), 1)
        shares = Counter(dict(zip(names, total.tolist(), strict=True)))
        for language in ("en", "hi"):
            for word, frequency in _general(language):
                if word in shares or frequency > _COMMON:
                    shares[word] += general * frequency
        return cls(dict(shares))


@cache
def _general(language: str) -> list[tuple[str, float]]:
    """Folded words of the language at large and their frequency; what folds to several words is left out."""
    counted = ((prepare(word), frequency) for word, frequency in get_frequency_dict(language).items())
    return [(words[0], frequency) for words, frequency in counted if len(words) == 1]


def make_tokenizer(shares: Shares, whole: int, size: int) -> Tokenizer:
    """WordPiece of at most `size` pieces: the `whole` commonest words, and parts learnt from the others."""
    ranked = sorted(shares.of_word, key=lambda word: (-shares.of_word[word], word))
    words = [word for word in ranked if len(word) <= _LONGEST_WORD][:whole]
    # Some parts turn out to be whole words already: more are asked for than there is room for.
    parts = _parts(ranked[whole:], shares, 2 * (size - 1 - len(words)))
    pieces = list(dict.fromkeys([UNKNOWN, *words, *parts]))[:size]
    return _tokenizer({piece: number for number, piece in enumerate(pieces)})


def pieces_of(tokenizer: Tokenizer, words: list[str]) -> Ragged:
    """Row `i`: the pieces of word `i`, none for a word with an unknown sign."""
    unknown = tokenizer.token_to_id(UNKNOWN)
    coded = tokenizer.encode_batch_fast(
        [[word] for word in words], is_pretokenized=True, add_special_tokens=False
    )
    return Ragged.of([number for number in code.ids if number != unknown] for code in coded)


def piece_shares(pieces: Ragged, words: list[str], shares: Shares, size: int) -> np.ndarray:
    """How much of running text each piece is a part of."""
    of_word = np.array([shares.of_word.get(word, 0.0) for word in words])
    return np.bincount(pieces.flat, np.repeat(of_word, pieces.lengths), size)


def _counts(side: Ragged, weight: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(side.flat, np.repeat(weight, side.lengths), size)


def _parts(rare: list[str], shares: Shares, size: int) -> list[str]:
    """Parts learnt by merging the commonest neighbours (BPE), a word repeated by its damped share."""
    rare = [word for word in rare if len(word) <= _LONGEST_WORD]
    if not rare or size <= 0:
        return []
    least = min((shares.of_word[word] for word in rare if shares.of_word[word] > 0), default=1.0)
    lines = (
        " ".join([_mark(word)] * max(1, round((shares.of_word[word] / least) ** _DAMPING))) for word in rare
    )
    learner = Tokenizer(models.BPE())
    learner.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    learner.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=size, show_progress=False))
    vocabulary = learner.get_vocab()
    return [_unmark(part) for part in sorted(vocabulary, key=vocabulary.__getitem__)]


def _mark(word: str) -> str:
    """The first letter moved to the private planes, so that parts that begin a word are told from those that
    go on. The library's own way, `##`, gives other numbers, and so other merges, at every run."""
    return chr(ord(word[0]) + _PRIVATE) + word[1:]


def _unmark(part: str) -> str:
    first = ord(part[0])
    return chr(first - _PRIVATE) + part[1:] if first >= _PRIVATE else f"##{part}"


def _tokenizer(vocabulary: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(
        models.WordPiece(vocabulary, unk_token=UNKNOWN, max_input_chars_per_word=_LONGEST_WORD)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    return tokenizer
