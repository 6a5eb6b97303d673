"""`python -m api.cli` is `dubhashi`."""

import sys

from api.cli.main import main

if __name__ == "__main__":  # a process that it starts imports it under another name
    sys.exit(main())
