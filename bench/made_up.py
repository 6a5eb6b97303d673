"""Paragraphs and questions made of the seeds' words in their own frequencies, for measuring at any size.

Not for quality: they say nothing.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

SEEDS = Path(__file__).parent.parent / "seeds"
PARAGRAPH_WORDS, DOCUMENT_PARAGRAPHS = 55, 20


def words_of(folder: Path) -> list[str]:
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.txt")))
    return text.split()


def make_sources(folder: Path, paragraphs: int) -> None:
    """JSON Lines of paragraphs, each in one language, of runs of three words of the seeds."""
    chance = random.Random(7)
    pools = [words_of(SEEDS / lang) for lang in ("en", "hi")]
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "made-up.jsonl").open("w", encoding="utf-8") as file:
        for number in range(paragraphs // DOCUMENT_PARAGRAPHS):
            pool = pools[number % 2]
            body = [paragraph(pool, chance) for _ in range(DOCUMENT_PARAGRAPHS)]
            row = {
                "id": f"made-up-{number}",
                "title": " ".join(runs(pool, chance, 1)),
                "text": "\n\n".join(body),
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def runs(pool: list[str], chance: random.Random, count: int) -> list[str]:
    starts = [chance.randrange(len(pool) - 3) for _ in range(count)]
    return [word for start in starts for word in pool[start : start + 3]]


def paragraph(pool: list[str], chance: random.Random) -> str:
    return " ".join(runs(pool, chance, PARAGRAPH_WORDS // 3))


def questions(count: int) -> list[str]:
    """As many different ones: two to six words that stand beside each other in the seeds, half of them Hindi."""
    chance = random.Random(11)
    pools = [words_of(SEEDS / lang) for lang in ("en", "hi")]
    found: dict[str, None] = {}
    while len(found) < count:
        pool = pools[len(found) % 2]
        start = chance.randrange(len(pool) - 6)
        found[" ".join(pool[start : start + chance.randint(2, 6)])] = None
    return list(found)
