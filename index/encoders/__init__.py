"""Encoders: texts in, unit vectors out. `base` has the contract, `choose` picks one, a file each has one."""
