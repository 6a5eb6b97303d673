"""`python -m api.cli` is `dubhashi`."""

import sys

from api.cli.main import main

sys.exit(main())
