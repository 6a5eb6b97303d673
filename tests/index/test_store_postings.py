"""The sparse leg's files on passages that can be read by hand, and on any text at all."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import IndexDamaged
from index.store.postings import FILES, Ints, Postings
from index.store.postings_writer import PostingsWriter
from index.text.fold import fold
from index.text.tokens import words
from index.types import Passage
from tests.index.stand_ins import passage


def written(folder: Path, passages: Sequence[Passage]) -> Postings:
    writer = PostingsWriter(folder)
    writer.add(passages)
    writer.finish()
    return Postings(folder)


def read(postings: Postings, word_ids: Ints) -> list[str]:
    return [postings.word(word_id) if word_id >= 0 else "" for word_id in word_ids.tolist()]


def test_a_passage_is_its_folded_words_in_order_heading_first(tmp_path: Path) -> None:
    postings = written(
        tmp_path,
        [
            passage(1, "नदी पर Bridge, नदी के पार।", heading="Rivers", title="The Chenab Bridge"),
            passage(2, "Nothing of them", title=""),
        ],
    )
    assert read(postings, postings.body(0)) == ["rivers", "नदी", "पर", "bridge", "नदी", "के", "पार"]
    assert read(postings, postings.title(0)) == ["the", "chenab", "bridge"]
    assert read(postings, postings.body(1)) == ["nothing", "of", "them"]
    assert postings.title(1).tolist() == []
    assert postings.body(0)[1] == postings.body(0)[4]


def test_a_token_that_folds_to_nothing_keeps_its_place_but_counts_as_no_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.vocabulary.fold", lambda token: token.replace("x", ""))
    postings = written(tmp_path, [passage(1, "one x two xx", title="x")])
    assert read(postings, postings.body(0)) == ["one", "", "two", ""]
    assert (postings.title(0).tolist(), postings.lengths.tolist()) == ([-1], [2])


def test_words_of_one_stem_share_its_row(tmp_path: Path) -> None:
    postings = written(tmp_path, [passage(1, "bridge bridges river", title="")])
    bridge, bridges, river = postings.body(0).tolist()
    assert postings.stem_of[bridge] == postings.stem_of[bridges] != postings.stem_of[river]
    assert sorted(postings.with_stem("bridge").tolist()) == sorted([bridge, bridges])


def test_the_files_are_those_that_are_named(tmp_path: Path) -> None:
    written(tmp_path, [passage(1)])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(FILES)


def test_no_passages_are_no_rows(tmp_path: Path) -> None:
    assert len(written(tmp_path, [])) == 0


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_named(tmp_path: Path, name: str) -> None:
    written(tmp_path, [passage(1)])
    (tmp_path / name).unlink()
    with pytest.raises(IndexDamaged, match=rf"cannot read .*{name}.*rebuild the index"):
        Postings(tmp_path)


def test_rows_of_tokens_for_other_passages_are_refused(tmp_path: Path) -> None:
    written(tmp_path, [passage(1), passage(2)])
    np.save(tmp_path / "token_rows.npy", np.zeros(3, np.int64))
    with pytest.raises(IndexDamaged, match="differ in length"):
        Postings(tmp_path)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=60)), max_size=5))
def test_ids_in_order_are_the_folded_tokens_of_any_text(pairs: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        passages = [passage(i, text, title=title) for i, (title, text) in enumerate(pairs)]
        postings = written(Path(folder), passages)
        for ordinal, (title, text) in enumerate(pairs):
            assert read(postings, postings.body(ordinal)) == [fold(token) for token in words(text)]
            assert read(postings, postings.title(ordinal)) == [fold(token) for token in words(title)]
            assert postings.lengths[ordinal] == np.count_nonzero(postings.body(ordinal) >= 0)
