"""Makes what `index/` ships, from data outside this repository. Not installed, not used at run time."""
