"""Writes a table and its tokeniser as the folder that is shipped: a StaticEmbedding of sentence-transformers.

Not for reading it: the program does that in `index.encoders.bridge`, anyone else by sentence-transformers.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save
from tokenizers import Tokenizer

_ST = "sentence_transformers"
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": f"{_ST}.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{_ST}.models.Normalize"},
]
_SETTINGS = {
    "model_type": "SentenceTransformer",
    "prompts": {},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def write_folder(out: Path, table: np.ndarray, tokenizer: Tokenizer, *, trained: str) -> None:
    """`trained` says from what, in one line. Files are mode 644; `bridge.json` has the checksums."""
    (out / "1_Normalize").mkdir(parents=True, exist_ok=True)
    files = {
        "model.safetensors": save({"embedding.weight": np.ascontiguousarray(table, dtype=np.float16)}),
        "tokenizer.json": json.dumps(
            json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")
        ).encode(),
        "modules.json": _json(_MODULES),
        "config_sentence_transformers.json": _json(_SETTINGS),
        "1_Normalize/config.json": _json({}),
    }
    read = ("model.safetensors", "tokenizer.json")
    files["bridge.json"] = _json(
        {
            "format": 1,
            "dimension": table.shape[1],
            "pieces": table.shape[0],
            "trained": trained,
            "sha256": {name: hashlib.sha256(files[name]).hexdigest() for name in read},
        }
    )
    for name, content in files.items():
        (out / name).write_bytes(content)
        (out / name).chmod(0o644)


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
