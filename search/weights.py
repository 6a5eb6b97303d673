"""Every constant of the ranking in one place: what it does, and how it was chosen.

All were chosen by sweeps on the development sets and on questions that avoid the words of their answers
(`docs/evaluation.md`), none for a single query; a user's own judged queries can move the fusion weight
(`dubhashi tune`).
"""

from __future__ import annotations

from dataclasses import dataclass

TELLING = 0.3  # weight from which a word tells that its concept is in a passage


@dataclass(frozen=True, slots=True)
class Weights:
    # BM25 (Robertson and Zaragoza, 2009): a low k1, since a concept counts mostly by being there at all
    k1: float = 0.6
    b: float = 0.1  # passages are of bounded length, and the longer one that tells as much is no worse
    # Concepts that go together in the corpus (super, bowl) tell the same twice: 1 / (1 + this * attraction) each.
    shared: float = 0.3
    # What stands for a query word in a passage, against 1 for the word itself.
    same_stem: float = 0.9
    derived: float = 0.35  # shares a beginning (nation, national); times agreement squared
    min_derived: float = 0.6
    known_derived: float = 0.5  # differs by an ending that derives words (nation, national) alone
    translation: float = 1.0  # times (probability / best probability) ** translation_power
    translation_power: float = 0.7
    min_translation: float = 0.05
    related: float = 0.4  # means the same through the other language; times probability ** related_power
    related_power: float = 0.4
    max_related: int = 25
    kin: float = 0.35  # near in meaning to an English word, or to a translation; times cosine ** kin_power
    kin_power: float = 3.0
    max_kin: int = 12
    max_kin_translations: int = 4
    min_kin_share: float = 0.4  # a neighbour's translation this likely against its first stands for it
    sound: float = 1.0  # times agreement ** sound_power
    sound_power: float = 4.0
    min_agreement: float = 0.65
    # Further factors where the lexicon has the word, and where it tells that the other is another word (bad, बाद).
    known_sound: float = 0.8
    known_other: float = 0.1
    acronym: float = 0.9  # the same letters by their names in the other script (NTL, एनटीएल)
    # A word that the lexicon lacks and the corpus has nothing of this weight for is sought by nearly its sound, too.
    enough: float = 0.5
    min_near: float = 0.7
    near_power: float = 2.0
    max_near: int = 4
    max_words: int = 150  # a concept keeps its heaviest words
    # Function words of a query: ignored among paragraphs, where nearly all have them; telling among short sentences.
    function_words: bool = False
    # The share of a query's information that stands within a dozen words, against the share in the whole passage.
    nearness: float = 0.25
    # How much the dense leg counts in hybrid mode.
    semantic_ratio: float = 0.1
    # What it grows by for a query of which no passage holds anything by its words; times the share that none holds.
    unexplained: float = 0.25


PARAGRAPHS = Weights()
SENTENCES = Weights(
    k1=0.3,
    b=0.9,
    translation_power=0.5,
    function_words=True,
    nearness=0.0,
    semantic_ratio=0.5,
    unexplained=0.0,
)
_SENTENCE_WORDS = 30.0


def for_corpus(average_length: float) -> Weights:
    """The weights for a corpus whose passages have this many words on average.

    Titles, sentences and subtitles hold too few words for any to be wasted, a longer one of them is about more, and a
    rarer translation is nearly as good as the first; among paragraphs the longer one is no worse, and meaning is a
    weaker witness than words.
    """
    return SENTENCES if average_length < _SENTENCE_WORDS else PARAGRAPHS
