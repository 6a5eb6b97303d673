"""Makes what `index/` ships, from data that is not in this repository. Not installed, never imported at run time."""
