"""The command line: `dubhashi COMMAND`.

Each command is a module with `NAME`, `HELP`, `add_arguments` and `run`; `main` finds them in `commands`.
argparse, because importing typer takes 0.13 s, argparse 0.01 s, and a whole search may take 0.7 s.
"""

from api.cli.main import main

__all__ = ["main"]
