"""From a question to ranked passages: understanding the query, both legs, fusion, reasons, evaluation.

Not for transport or presentation: that is `api`.
"""
