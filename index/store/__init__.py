"""The files of a generation: passages (SQLite), vectors (FAISS), postings (numpy). Written once, then only read."""
