"""A sentence-transformers model to an OpenVINO network of its kept pieces, in bf16 or int8.

Not for choosing the pieces or the texts. With `encoders`, the one place that imports torch and nncf.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np

from index.encoders.network import library
from index.errors import EncoderError

Precision = Literal["int8", "bf16"]
Pieces = Sequence[Sequence[int]]  # texts as ids of kept pieces
_NEEDED = ("torch", "sentence_transformers", "openvino", "nncf")


def check_installed(precision: Precision) -> None:
    """Raises EncoderError that names what is missing."""
    needed = _NEEDED if precision == "int8" else _NEEDED[:3]
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        raise EncoderError(
            f"slimming a model needs {', '.join(missing)}, not installed here: pip install 'dubhashi[slim]'. "
            "The slim model itself runs with dubhashi[openvino] alone, on another machine too (dubhashi model bundle)."
        )


def cut_embeddings(model: Any, kept: Sequence[int], precision: Precision) -> None:
    """Leaves the model only the rows of these pieces, in this order."""
    import torch

    network = model[0].auto_model
    old = network.get_input_embeddings()
    rows = old.weight.detach()[torch.tensor(list(kept), dtype=torch.long)]
    if precision == "int8":
        network.set_input_embeddings(_int8_rows(rows))
    else:
        network.set_input_embeddings(
            torch.nn.Embedding(rows.shape[0], rows.shape[1], _weight=rows.contiguous())
        )


def _int8_rows(rows: Any) -> Any:
    """An embedding of 8 bits a value and a scale a row, which are multiplied after the look-up.

    nncf would multiply first, in the network's constants: OpenVINO then unfolds the whole table to 32 bits when
    it loads, four times the file, where so it reads the rows that are asked for from the mapped file.
    """
    import torch

    class Rows(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            scale = rows.abs().amax(1, keepdim=True).clamp_min(1e-6) / 127
            self.register_buffer("scale", scale)
            self.register_buffer("table", torch.round(rows / scale).to(torch.int8))

        def forward(self, ids: Any) -> Any:
            look_up: Any = torch.nn.functional.embedding
            return look_up(ids, self.table).float() * look_up(ids, self.scale)

    return Rows()


def convert(model: Any, target: Path, precision: Precision, calibration: Pieces) -> None:
    """Writes model.xml and model.bin. int8 is quantised after training, on the calibration texts."""
    openvino = library()

    with _quiet():
        network = _traced(model)
        if precision == "int8":
            network = _quantised(network, calibration)
        try:
            openvino.save_model(network, str(target), compress_to_fp16=True)
        except RuntimeError as error:  # what OpenVINO makes of a full disk
            raise OSError(f"OpenVINO: {error}") from error


def _traced(model: Any) -> Any:
    """The whole pipeline (transformer, pooling, dense, normalise) as one network of ids and mask."""
    import torch

    openvino = library()

    class Whole(torch.nn.Module):  # type: ignore[misc, unused-ignore]
        def __init__(self) -> None:
            super().__init__()
            self.steps = torch.nn.ModuleList(model.children())

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            state = {"input_ids": input_ids, "attention_mask": attention_mask}
            for step in self.steps:
                state = step(state)
            return state["sentence_embedding"]

    ids = torch.ones(2, 6, dtype=torch.int64)
    mask = torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]])
    example = {"input_ids": ids, "attention_mask": mask}
    try:
        return openvino.convert_model(Whole().eval(), example_input=example)
    except Exception as error:  # torch and openvino raise many kinds; each means the same
        raise EncoderError(f"this model cannot be converted: {type(error).__name__}: {error}") from error


def _quantised(network: Any, calibration: Pieces) -> Any:
    import nncf

    items = [
        {"input_ids": np.array([ids], np.int64), "attention_mask": np.ones((1, len(ids)), np.int64)}
        for ids in calibration
    ]
    return nncf.quantize(
        network,
        nncf.Dataset(items),
        model_type=nncf.ModelType.TRANSFORMER,
        subset_size=len(items),
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Tracing warns of every Python branch, and nncf writes to the log and draws bars."""
    import logging

    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
