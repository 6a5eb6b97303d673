"""What holds for the whole code: types, style, layers, and where heavy libraries may be imported."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("index", "search", "api")
CODE = (*PACKAGES, "train", "bench", "tests")

# Each heavy library and the only places that may import it, at the top of a module or inside a function.
HOMES = {
    "torch": ("index/encoders/sentence_transformer.py", "index/slim/convert.py"),
    "openvino": ("index/encoders/network.py",),
    "nncf": ("index/slim/convert.py",),
    "huggingface_hub": (),
    "sentence_transformers": ("index/encoders/sentence_transformer.py",),
    "faiss": ("index/store/library.py",),
    "fastapi": ("api/http/",),
    "starlette": ("api/http/",),
    "pydantic": ("api/http/",),
    "uvicorn": ("api/cli/serve.py",),
    "prometheus_client": ("api/http/metrics.py",),
    "rich": ("api/cli/progress.py",),
    "ir_measures": ("search/evaluate/",),
}


def ran(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True)


def test_types_are_strict(type_check: subprocess.Popen[str]) -> None:
    said, _ = type_check.communicate()
    assert type_check.returncode == 0, said


def test_style() -> None:
    done = ran("ruff", "check", "--no-cache", ".")
    assert done.returncode == 0, done.stdout


def test_format() -> None:
    done = ran("ruff", "format", "--no-cache", "--check", "--quiet", ".")
    assert done.returncode == 0, f"run `make format`\n{done.stdout}{done.stderr}"


def test_dependencies_point_one_way() -> None:
    code = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def modules(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.partition(".")[0])
    return names


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library: str) -> None:
    users = [str(path.relative_to(ROOT)) for path in modules(*PACKAGES) if library in imported(path)]
    assert all(user.startswith(HOMES[library]) for user in users)


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules(*PACKAGES)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


@pytest.mark.parametrize("path", sorted((ROOT / "bench").glob("*.py")), ids=lambda path: path.stem)
def test_a_measurement_can_be_started(path: Path) -> None:
    """None of them is run here, so that a name which moved would be missed."""
    importlib.import_module(f"bench.{path.stem}")
