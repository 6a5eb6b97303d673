"""Passages known again by what they say."""

from __future__ import annotations

from pathlib import Path

from index.store.contents import NAME, Contents, ContentWriter, digests_of

TEXTS = ["चेन्नई", "Chenab", "Chenab", ""]


def test_a_text_is_found_where_it_stood_and_another_is_not(tmp_path: Path) -> None:
    writer = ContentWriter(tmp_path / NAME)
    writer.add(digests_of(TEXTS, "encoder"))
    writer.finish()
    contents = Contents(tmp_path)
    found = contents.find(digests_of(["Chenab", "", "chenab", "चेन्नई"], "encoder")).tolist()
    assert found[0] in (1, 2)
    assert found[1:] == [3, -1, 0]
    assert contents.find(digests_of(TEXTS, "another encoder")).tolist() == [-1] * 4


def test_kept_numbers_stand_where_they_are_put(tmp_path: Path) -> None:
    first = ContentWriter(tmp_path / NAME)
    first.add(digests_of(TEXTS, "e"))
    first.finish()
    second = ContentWriter(tmp_path / NAME, Contents(tmp_path))
    second.keep(1, 2)
    second.add(digests_of(["new"], "e"))
    second.keep(0, 1)
    digests = digests_of(["Chenab", "Chenab", "new", "चेन्नई"], "e")
    assert second.finish().tolist() == digests.tolist()


def test_of_no_passages_nothing_is_found(tmp_path: Path) -> None:
    ContentWriter(tmp_path / NAME).finish()
    assert Contents(tmp_path).find(digests_of(["a"], "e")).tolist() == [-1]
