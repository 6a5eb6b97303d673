"""`dubhashi key add|list|remove`: who may use the HTTP API.

Not for what a key is: `api.keys`.
"""

from __future__ import annotations

import argparse

from api.cli import commands, terminal
from api.keys import SCOPES, Keys

NAME = "key"
HELP = "add, list and remove keys of the HTTP API"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    each = parser.add_subparsers(title="actions", metavar="ACTION", dest="action", required=True)
    add = each.add_parser("add", help="make a key and print it, this once", allow_abbrev=False)
    add.add_argument("name", metavar="NAME", help="whose key it is, for people")
    add.add_argument(
        "--scope",
        action="append",
        choices=SCOPES,
        help="what it is for: search (the default), metrics, admin; repeatable, admin may do all",
    )
    listed = each.add_parser("list", help="names, ids and scopes; never the keys", allow_abbrev=False)
    remove = each.add_parser("remove", help="end a key at once", allow_abbrev=False)
    remove.add_argument("key", metavar="ID", help="its id, or its name where no other has it")
    for one in (add, listed, remove):
        one.add_argument("--keys", metavar="FILE", help="the file of keys (default: dubhashi-keys.json)")


def run(arguments: argparse.Namespace) -> int:
    keys = Keys(commands.settings_of(arguments).keys)
    if arguments.action == "add":
        key, text = keys.add(arguments.name, arguments.scope or ["search"])
        terminal.notice(f"key {key.id} for {', '.join(key.scopes)}; it is shown this once:")
        print(text)
    elif arguments.action == "remove":
        key = keys.remove(arguments.key)
        print(f"key {key.id} ({terminal.harmless(key.name)}) is removed")
    else:
        for key in keys.all():
            print(key.id, key.created, ",".join(key.scopes), terminal.harmless(key.name), sep="\t")
    return 0
