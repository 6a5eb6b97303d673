"""Small models that the encoder tests make for themselves: LaBSE's shape, and one with prompts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_WORDS = """query passage : . भारत में चुनाव आयोग नदी पुल मत election commission india river bridge the of in a
vote votes 2 0 1 3 ##1 ##2 ##3 ##s ##ों ##यां"""
VOCABULARY = [*_SPECIAL, *_WORDS.split()]


def save_labse_like(folder: Path, vocabulary: Sequence[str] = VOCABULARY) -> None:
    """BERT, the first token's state, Dense with tanh, Normalize: LaBSE's modules in their order."""
    from sentence_transformers.sentence_transformer.modules import Dense, Normalize
    from torch.nn import Tanh

    bert, pooling = _bert(folder, "cls", vocabulary)
    _save(folder, [bert, pooling, Dense(32, 32, activation_function=Tanh()), Normalize()], {})


def save_e5_like(folder: Path) -> None:
    """Mean pooling, and a prompt for each side."""
    from sentence_transformers.sentence_transformer.modules import Normalize

    _save(folder, [*_bert(folder, "mean"), Normalize()], {"query": "query: ", "document": "passage: "})


def _bert(folder: Path, pooling: str, words: Sequence[str] = VOCABULARY) -> list[Any]:
    import torch
    from sentence_transformers.base.modules import Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling
    from transformers import BertConfig, BertModel, BertTokenizer

    raw = folder.with_name(folder.name + "-bert")
    raw.mkdir()
    vocabulary = {word: number for number, word in enumerate(words)}
    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    BertModel(BertConfig(vocab_size=len(vocabulary), **sizes)).save_pretrained(raw)
    BertTokenizer(vocab=vocabulary, do_lower_case=False).save_pretrained(raw)
    return [Transformer(str(raw)), Pooling(32, pooling_mode=pooling)]


def _save(folder: Path, modules: list[Any], prompts: dict[str, str]) -> None:
    from sentence_transformers import SentenceTransformer

    SentenceTransformer(modules=modules, prompts=prompts, device="cpu").save_pretrained(str(folder))
