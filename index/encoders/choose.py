"""Opens the encoder that a name asks for, and says why it was that one.

Not for loading: each encoder does that. Nothing is ever downloaded here, and `bridge` never imports torch.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.encoders.base import Encoder
from index.encoders.bridge import BridgeEncoder
from index.encoders.hub import cache_folder, cached_snapshot, looks_like_path
from index.encoders.sentence_transformer import LABSE, SentenceTransformerEncoder, extra_installed


@dataclass(frozen=True, slots=True)
class Choice:
    """`reason` is a phrase for people: `LaBSE is in …`, `asked for`."""

    encoder: Encoder
    reason: str


def open_encoder(name: str = "auto") -> Choice:
    """`auto`, `bridge`, `labse`, the folder of a model, or a hub name whose files are in the hub's cache.

    Raises ModelNotFound, EncoderError, or SettingsError for what can be no name of a model.
    """
    name = name.strip()
    if name in ("", "auto"):
        return _automatic()
    if name == "bridge":
        return Choice(BridgeEncoder(), "asked for")
    if looks_like_path(name) and (Path(name).expanduser() / "bridge.json").is_file():
        return Choice(BridgeEncoder(Path(name).expanduser()), "asked for")
    return Choice(SentenceTransformerEncoder(name), "asked for")


def _automatic() -> Choice:
    """LaBSE where it can be had without a download, else the bundled encoder."""
    snapshot = cached_snapshot(LABSE)
    if snapshot is None:
        return Choice(BridgeEncoder(), f"LaBSE is not in {cache_folder()}")
    if not extra_installed():
        return Choice(BridgeEncoder(), "LaBSE is on this machine, but sentence-transformers is not installed")
    return Choice(SentenceTransformerEncoder("labse"), f"LaBSE is in {snapshot}")
