"""Readers: files of text, Markdown and JSON Lines in, `Document`s out. Nothing here splits or analyses text.

`read` takes one source; `Corpus` several, with ids that stay apart.
"""

from index.sources.corpus import Corpus, read
from index.sources.files import NOTHING_KNOWN, Known, Same, SourceFile
from index.sources.problems import Problem, Report, strictly

__all__ = ["NOTHING_KNOWN", "Corpus", "Known", "Problem", "Report", "Same", "SourceFile", "read", "strictly"]
