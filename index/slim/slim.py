"""`dubhashi model slim`: a sentence-transformers model to a slim one on the shelf, whole or not at all.

Not for measuring what came out: see `verify`.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.encoders.hub import find_model, looks_like_path
from index.encoders.sentence_transformer import LABSE, load, pooling_of, revision_of
from index.encoders.shelf import FILES, NETWORK, TOKENIZER, Slim, checked_name, free_space, read_slim
from index.errors import EncoderError
from index.slim.convert import Precision, check_installed, convert, cut_embeddings
from index.slim.pieces import Kept, keep

CALIBRATION = 200  # texts; more changed nothing that could be measured
Say = Callable[[str], None]


def slim(name: str, target: Path, precision: Precision, texts: Sequence[str], say: Say) -> Slim:
    """Make `target`, which must not be there yet, from the model of this name; `texts` are real paragraphs."""
    check_installed(precision)
    checked_name(target.name)
    if target.exists():
        raise EncoderError(f"{target} is there already: remove it first, or give another name (--as NAME)")
    source = find_model(LABSE if name == "labse" else name)
    say(f"reading {source}")
    model = load(source, on_cpu=True)
    kept = keep(model.tokenizer.backend_tokenizer.to_str())
    say(f"keeping {len(kept.ids):,} of {kept.before:,} pieces")
    cut_embeddings(model, kept.ids, precision)
    made = target.with_name(f".tmp-{target.name}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(parents=True)
    try:
        (made / TOKENIZER).write_text(kept.tokenizer, "utf-8")
        say(f"converting to {precision}")
        convert(model, made / NETWORK, precision, _calibration(made, model, texts))
        named = str(Path(name).expanduser().resolve()) if looks_like_path(name) else name
        _describe(named, source, model, precision, kept, digests(made)).write(made)
        made.rename(target)
    except BaseException as error:
        room = free_space(made)
        shutil.rmtree(made, ignore_errors=True)
        if isinstance(error, OSError):
            raise EncoderError(
                f"the model cannot be written to {target} ({error}), where {room:,} bytes are free: make room, or "
                "have XDG_DATA_HOME name another folder"
            ) from error
        raise
    return read_slim(target)


def _calibration(folder: Path, model: Any, texts: Sequence[str]) -> list[list[int]]:
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    tokenizer.enable_truncation(_max_length(model))
    step = max(len(texts) // CALIBRATION, 1)
    return [found.ids for found in tokenizer.encode_batch(list(texts[::step][:CALIBRATION]))]


def _describe(
    name: str, source: Path, model: Any, precision: Precision, kept: Kept, files: Mapping[str, str]
) -> Slim:
    prompts = {
        side: text for side, text in (model.prompts or {}).items() if side in ("query", "document") and text
    }
    return Slim(
        source=name,
        revision=revision_of(source),
        precision=precision,
        dimension=int(model.get_embedding_dimension()),
        max_length=_max_length(model),
        pieces=len(kept.ids),
        source_pieces=kept.before,
        pooling=pooling_of(model),
        prompts=prompts,
        files=files,
    )


def _max_length(model: Any) -> int:
    return int(model.max_seq_length or 512)


def digests(folder: Path) -> dict[str, str]:
    return {name: digest(folder / name) for name in FILES}


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
