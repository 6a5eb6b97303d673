"""The ways in: command line, HTTP endpoint, page, settings.

Not for ranking or storage: those are `search` and `index`.
"""
