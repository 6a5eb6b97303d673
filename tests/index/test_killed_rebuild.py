"""A rebuild with a slow encoder, killed: the next one takes the vectors that were made from the cache."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from index.build import rebuild
from tests.index.slow_encoder import SlowEncoder

PASSAGES = 2500


def test_a_killed_rebuild_goes_on_where_it_was(tmp_path: Path) -> None:
    source, index, mark = tmp_path / "a.jsonl", tmp_path / "index", tmp_path / "mark"
    source.write_text("".join(f'{{"text": "passage number {n}"}}\n' for n in range(PASSAGES)), "utf-8")
    code = (
        "import sys; from pathlib import Path; from index.build import rebuild; "
        "from tests.index.slow_encoder import SlowEncoder; source, index, mark = map(Path, sys.argv[1:]); "
        "rebuild([source], index, SlowEncoder(stops_after=1024, mark=mark))"
    )
    child = subprocess.Popen([sys.executable, "-c", code, source, index, mark])
    deadline = time.monotonic() + 60
    while not mark.exists():  # it has encoded the first passages and hangs in those that follow
        assert child.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    child.kill()
    child.wait()

    report = rebuild([source], index, SlowEncoder())
    assert report.cached >= 1024
    assert report.cached + report.encoded == PASSAGES
    assert any("did not end" in notice for notice in report.notices)
