"""The documents name what there is: commands, settings, parameters, codes."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from api.cli.commands import all_commands
from api.cli.main import parser
from api.http.models import SearchParameters
from api.http.problems import KINDS
from api.settings import PREFIX, Settings
from index import errors

API = Path("docs/api.md").read_text(encoding="utf-8")
README = Path("README.md").read_text(encoding="utf-8")


def shell_lines(text: str) -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]


def test_every_command_is_documented_and_every_documented_command_is_there() -> None:
    told = set(re.findall(r"^\| `dubhashi ([a-z]+)", API, re.MULTILINE))
    assert told == {command.NAME for command in all_commands()}


@pytest.mark.parametrize("line", [line for line in shell_lines(README) if "dubhashi " in line])
def test_a_command_of_the_readme_can_be_typed(line: str) -> None:
    import shlex

    words = shlex.split(line.split("bin/dubhashi ")[1])
    assert parser().parse_args(words).run


def test_every_target_of_the_readme_is_in_the_makefile_which_has_at_most_eight() -> None:
    targets = re.findall(r"^([a-z]+):.*## .+\.$", Path("Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"^make ([a-z]+)", "\n".join(shell_lines(README)), re.MULTILINE)) <= set(targets)
    assert 2 <= len(targets) <= 8


def test_every_setting_is_documented_with_its_variable_and_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(DUBHASHI_\w+)` \| (?:`([^`]*)` )?\|", API, re.MULTILINE)
    for field in fields(Settings):
        default = "" if field.default == () else str(field.default)
        shown = default.lower() if isinstance(field.default, bool) else default
        assert (field.name, PREFIX + field.name.upper(), shown) in rows


def test_every_parameter_is_documented() -> None:
    told = set(re.findall(r"`([a-z_]+)`", API))
    assert set(SearchParameters.model_fields) <= told


def test_every_code_is_documented_with_its_status() -> None:
    rows = [row for row in API.splitlines() if row.startswith("| `")]
    for code, kind in KINDS.items():
        assert any(f"`{code}`" in row and f"| {kind.status} |" in row for row in rows), code


def test_every_code_that_a_search_can_raise_has_a_problem() -> None:
    for kind in (errors.IndexError_, errors.EncoderError, errors.QueryError, errors.NotFound):
        for each in (kind, *kind.__subclasses__()):
            assert each.code in KINDS or each is errors.IndexLocked


def test_every_link_of_the_documents_leads_somewhere() -> None:
    for path in (Path("README.md"), Path("CONTRIBUTING.md"), Path("docs/api.md"), Path("docs/operations.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path}: {target}"


def test_help_of_every_command() -> None:
    for command in all_commands():
        done = subprocess.run(
            [sys.executable, "-m", "api.cli", command.NAME, "--help"], capture_output=True, text=True
        )
        assert done.returncode == 0 and command.HELP.split()[0] in done.stdout
