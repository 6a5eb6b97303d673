"""Text in two languages and two scripts: normalisation, tokens, folding, stems, sound keys, sentences.

Pure functions of strings; nothing here reads a file or knows of an index.
"""
