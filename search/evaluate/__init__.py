"""How good the ranking is on judged queries: BEIR folders in, measures, report and tuned weights out.

Every query goes through the real build and the real searcher.
"""
