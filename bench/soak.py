"""The long form of what the tests do shortly: kills, full disks, damage, fuzz, made-up requests, load under swaps.

    python bench/soak.py              # about half an hour
    python bench/soak.py --scale 0.1  # a tenth of the rounds and of the time

Not for quality or speed. Writes `bench/results/soak.json`; ends with 1 if anything failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

RESULT = Path(__file__).parent / "results" / "soak.json"
PYTHON = sys.executable


def steps(scale: float, folder: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """What to run, by name, with what stands in its environment."""

    def many(count: float) -> str:
        return str(max(1, round(count * scale)))

    def driven(driver: str, rounds: int, *every: str) -> list[str]:
        place = folder / "-".join((driver, *every))
        place.mkdir()
        return [PYTHON, "-m", f"tests.index.{driver}", str(place), many(rounds), "11", *every]

    def tests(*paths: str) -> list[str]:
        return [PYTHON, "-m", "pytest", *paths]

    damaged = [f"tests/index/test_{name}.py" for name in ("damage", "damage_searched", "snapshot")]
    return {
        "rebuilds killed": (driven("crash_driver", 450), {}),
        "rebuilds that keep killed": (driven("crash_driver", 450, "10"), {}),
        "snapshots, restores and rollbacks killed": (driven("carry_driver", 450), {}),
        "rebuilds on a full disk": (driven("full_driver", 50), {}),
        "rebuilds that keep on a full disk": (driven("full_driver", 50, "10"), {}),
        "damage": (tests(*damaged), {"DAMAGE_PLACES": many(200)}),
        "requests from the OpenAPI document": (
            tests("tests/api/test_contract.py"),
            {"CONTRACT_EXAMPLES": many(1_000)},
        ),
        "fuzz": (tests("tests/api/test_fuzz.py"), {"FUZZ_EXAMPLES": many(5_000)}),
        "swaps under clients": (
            tests("tests/api/test_following.py"),
            {"SWAP_CYCLES": many(20), "SWAP_CLIENTS": "32"},
        ),
        "load": (
            [PYTHON, "-m", "bench.load", "--seconds", many(120), "--out", str(folder / "load.json")],
            {"PYTHONPATH": "."},
        ),
    }


def ran(command: list[str], environment: dict[str, str]) -> dict[str, object]:
    began = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True)
    said = (done.stdout if done.returncode == 0 else done.stdout + done.stderr).strip().splitlines()
    told = {"ok": done.returncode == 0, "seconds": round(time.perf_counter() - began, 1)}
    return told | {"said": said[-1] if said and done.returncode == 0 else "\n".join(said[-30:])}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    given = parser.parse_args()
    result: dict[str, object] = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "scale": given.scale,
    }
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, (command, environment) in steps(given.scale, folder).items():
            told = ran(command, environment)
            if name == "load" and told["ok"]:
                told["said"] = json.loads((folder / "load.json").read_text())
            result[name] = told
            failed += not told["ok"]
            print(name, json.dumps(told), flush=True)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
