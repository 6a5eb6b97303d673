"""What a result was measured on: without it a figure means nothing.

Not for measuring: the other modules of this folder do.
"""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, object]:
    """Processor, cores, memory, versions; nothing that names the machine's owner or its paths."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text(encoding="utf8").splitlines() if cpu.exists() else []
    model = next(
        (line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")),
        platform.processor(),
    )
    flags = next((line for line in lines if line.startswith("flags")), "")
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "avx512": "avx512f" in flags,
        "amx": "amx_tile" in flags,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("numpy", "faiss-cpu", "tokenizers")},
    }


def resident_mib() -> float:
    """This process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf8").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def save(name: str, result: dict[str, object]) -> Path:
    """Write `results/NAME.json` with the machine and the day."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.json"
    body = {"measured": datetime.now(UTC).date().isoformat(), "machine": machine(), **result}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf8")
    return path
