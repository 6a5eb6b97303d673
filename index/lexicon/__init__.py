"""The learnt tables between the two languages, read only: translations, units, spellings, frequencies.

Not for training them: that is `train`.
"""

from index.lexicon.lexicon import Lexicon, bundled_lexicon

__all__ = ["Lexicon", "bundled_lexicon"]
