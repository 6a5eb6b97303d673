"""What is asked once is not asked again."""

from __future__ import annotations

from search.remembered import Remembered


def test_only_new_words_are_asked_for_and_all_at_once() -> None:
    asked: list[list[str]] = []

    def lengths(words: list[str]) -> list[int]:
        asked.append(words)
        return [len(word) for word in words]

    remembered = Remembered(lengths)
    assert remembered(["a", "bcd", "a"]) == {"a": 1, "bcd": 3}
    assert remembered(["bcd", "ef"]) == {"bcd": 3, "ef": 2}
    assert remembered({"a"}) == {"a": 1}
    assert asked == [["a", "bcd"], ["ef"]]
