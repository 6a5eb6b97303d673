"""Opens the encoder that a name asks for, and says why it was that one.

Not for loading: each encoder does that. Nothing is ever downloaded here, and `bridge` never imports torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.encoders.base import Encoder
from index.encoders.bridge import BridgeEncoder
from index.encoders.gather import Gathering
from index.encoders.hub import cache_folder, cached_snapshot, looks_like_path, on_shelf
from index.encoders.network import installed as openvino_installed
from index.encoders.openvino import OpenVinoEncoder
from index.encoders.sentence_transformer import LABSE, SentenceTransformerEncoder, extra_installed
from index.encoders.shelf import is_slim, read_slim, shelved

SLIM_LABSE = "labse-slim"


@dataclass(frozen=True, slots=True)
class Choice:
    """`reason` is a phrase for people: `LaBSE is in …`, `asked for`."""

    encoder: Encoder
    reason: str


def open_encoder(name: str = "auto") -> Choice:
    """`auto`, `bridge`, `labse`, a model on the shelf (`labse-slim`), the folder of a model, or a hub name
    whose files are in the hub's cache.

    Raises ModelNotFound, EncoderError, or SettingsError for what can be no name of a model.
    """
    name = name.strip()
    if name in ("", "auto"):
        return _automatic()
    if name == "bridge":
        return Choice(BridgeEncoder(), "asked for")
    folder = Path(name).expanduser() if looks_like_path(name) else shelved().get(name)
    if folder and (folder / "bridge.json").is_file():
        return Choice(BridgeEncoder(folder), "asked for")
    if folder and is_slim(folder):
        return Choice(Gathering(OpenVinoEncoder(folder)), "asked for")
    return Choice(Gathering(SentenceTransformerEncoder(name)), "asked for")


def _automatic() -> Choice:
    """LaBSE where it can be had without a download, the slim one first, else the bundled encoder."""
    slim = shelved().get(SLIM_LABSE)
    if slim and is_slim(slim) and openvino_installed() and read_slim(slim).verified.get("passed"):
        return Choice(Gathering(OpenVinoEncoder(slim)), f"a verified slim LaBSE is in {slim}")
    whole = on_shelf(LABSE) or cached_snapshot(LABSE)
    if whole is None:
        return Choice(BridgeEncoder(), f"LaBSE is not in {cache_folder()}")
    if not extra_installed():
        return Choice(BridgeEncoder(), "LaBSE is on this machine, but sentence-transformers is not installed")
    return Choice(Gathering(SentenceTransformerEncoder("labse")), f"LaBSE is in {whole}")
