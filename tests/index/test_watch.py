from contextlib import suppress
from pathlib import Path

from index.watch import changes


def test_a_change_is_told_once_and_only_when_it_is_over(tmp_path: Path) -> None:
    story = iter(["", "one", "one two", "", "", "gone", "", "", ""])

    def sleep(_: float) -> None:
        text = next(story)  # what happens meanwhile
        if text == "gone":
            (tmp_path / "a.txt").unlink()
        elif text:
            (tmp_path / "a.txt").write_text(text)
        looks.append(text)

    looks: list[str] = []
    told: list[int] = []
    (tmp_path / "b.txt").write_text("b")
    with suppress(RuntimeError):  # the story is over
        told.extend(len(looks) for _ in changes([tmp_path], sleep=sleep))
    assert told == [4, 7]
