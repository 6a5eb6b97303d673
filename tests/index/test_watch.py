from collections.abc import Callable
from pathlib import Path

import pytest

from index.watch import Watch


class Over(Exception):
    """The story is."""


def told(tmp_path: Path, story: list[str], after: Callable[[Watch, int], None]) -> list[int]:
    """The looks after which a change was told, while a text is written between each two, or removed ("gone")."""
    looks = iter(range(1, len(story) + 1))
    found = []

    def sleep(_: float) -> None:
        nonlocal look
        look = next(looks, 0)
        if not look:
            raise Over
        if story[look - 1] == "gone":
            (tmp_path / "a.txt").unlink()
        elif story[look - 1]:
            (tmp_path / "a.txt").write_text(story[look - 1])

    look = 0
    (tmp_path / "b.txt").write_text("b")
    watch = Watch([tmp_path], sleep=sleep)
    with pytest.raises(Over):
        while True:
            watch.wait()
            found.append(look)
            after(watch, len(found))
    return found


def test_a_change_is_told_once_and_only_when_it_is_over(tmp_path: Path) -> None:
    story = ["", "one", "one two", "", "", "gone", "", "", ""]
    assert told(tmp_path, story, lambda watch, _: watch.handled()) == [4, 7]


def test_what_was_not_handled_is_told_again(tmp_path: Path) -> None:
    story = ["one", "", "", "", ""]
    assert told(tmp_path, story, lambda watch, times: watch.handled() if times == 2 else None) == [2, 3]


def test_what_changes_while_a_change_is_handled_is_told(tmp_path: Path) -> None:
    def meanwhile(watch: Watch, times: int) -> None:
        if times == 1:
            (tmp_path / "a.txt").write_text("two words")
        watch.handled()

    assert told(tmp_path, ["one", "", "", "", ""], meanwhile) == [2, 4]


def test_what_changes_after_it_was_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("one")
    watch = Watch([tmp_path], sleep=lambda _: None)
    (tmp_path / "a.txt").write_text("while the first index is built")
    watch.wait()


def test_a_link_that_leads_nowhere_hides_no_change(tmp_path: Path) -> None:
    (tmp_path / "note.txt").symlink_to("nowhere")
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert told(tmp_path, ["", "one", "", ""], lambda watch, _: watch.handled()) == [3]
