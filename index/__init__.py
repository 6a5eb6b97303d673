"""From sources to a published index: reading, text analysis, encoders, stores, generations.

Not for answering queries: that is `search`, which reads what this package writes.
"""
