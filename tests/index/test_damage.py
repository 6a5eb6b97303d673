"""Every file of an index cut short, zeroed or with a flipped bit: refused with a message, or harmless."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import rebuild
from index.errors import IndexDamaged, IndexError_, IndexNotFound
from index.generation import open_generation
from tests.index.stand_ins import RECIPE, HashingEncoder, write_records

TEXTS = [f"अनुच्छेद {i} about the bridge number {i}" for i in range(40)]
Harm = Callable[[bytes, random.Random], bytes]


def cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def zero(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + bytes(min(64, len(data) - start)) + data[start + 64 :]


def flip(data: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    rebuild([write_records(folder / "a.jsonl", TEXTS)], folder / "index", HashingEncoder(), recipe=RECIPE)
    return folder / "index"


def answers(index: Path) -> list[str]:
    """All texts, and that each is found by its own vector."""
    encoder = HashingEncoder()
    with open_generation(index, encoder=encoder) as generation:
        texts = [found.text for found in generation.passages.get(range(len(generation.passages)))]
        best = generation.vectors.search(encoder.encode_queries(texts), 1)[1][:, 0].tolist()
        assert best == list(range(len(texts)))
        return texts


@pytest.mark.parametrize("harm", [cut, zero, flip])
def test_every_file_harmed_anywhere_is_refused_or_as_it_was(whole: Path, tmp_path: Path, harm: Harm) -> None:
    chance = random.Random(harm.__name__)
    refused = 0
    names = [
        path.relative_to(whole) for path in sorted(whole.rglob("*")) if path.is_file() and path.stat().st_size
    ]
    assert len(names) >= 14
    for round_number, name in enumerate(names * 6):
        index = tmp_path / str(round_number)
        shutil.copytree(whole, index)
        path = index / name
        path.write_bytes(harm(path.read_bytes(), chance))
        try:
            assert answers(index) == TEXTS
        except (IndexDamaged, IndexNotFound) as error:
            refused += 1
            assert "dubhashi re" in str(error) or "dubhashi rollback" in str(error)
        shutil.rmtree(index)
    assert refused > len(names)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "generations/1/passages.db",
            b"",
            r"passages\.db has 0 bytes instead of \d+; run `dubhashi rollback`",
        ),
        ("generations/1/dense.faiss", None, r"cannot read .*dense\.faiss: No such file"),
        ("generations/1/postings/ids.txt", b"x" * 230, r"ids\.txt was altered: its checksum does not match"),
        ("generations/1/manifest.json", b"{}", r"cannot read .*manifest\.json"),
        ("CURRENT", b"", r"cannot read .*CURRENT"),
        ("CURRENT", b"2 abc\n", r"cannot read .*2/manifest\.json"),
        ("CURRENT", b"1 abc\n", "do not belong together"),
    ],
)
def test_the_message_names_the_file_and_the_remedy(
    whole: Path, tmp_path: Path, name: str, content: bytes | None, message: str
) -> None:
    index = tmp_path / "index"
    shutil.copytree(whole, index)
    path = index / name
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=message):
        open_generation(index)


def test_sizes_alone_are_compared_where_asked(whole: Path, tmp_path: Path) -> None:
    index = tmp_path / "index"
    shutil.copytree(whole, index)
    path = index / "generations/1/sources.json"
    path.write_bytes(path.read_bytes()[:-1] + b" ")
    open_generation(index, verify="size").close()
    with pytest.raises(IndexDamaged, match="altered"):
        open_generation(index, verify="full")


@pytest.mark.parametrize("harm", [cut, zero, flip])
def test_a_rebuild_over_any_damage_makes_a_whole_index(whole: Path, tmp_path: Path, harm: Harm) -> None:
    chance = random.Random(harm.__name__)
    index = tmp_path / "index"
    shutil.copytree(whole, index)
    for path in sorted(index.rglob("*")):
        if path.is_file() and path.stat().st_size:
            path.write_bytes(harm(path.read_bytes(), chance))
    source = write_records(tmp_path / "a.jsonl", TEXTS)
    try:
        rebuild([source], index, HashingEncoder(), recipe=RECIPE)
    except IndexError_ as error:
        pytest.fail(f"refused: {error}")
    assert answers(index) == TEXTS
