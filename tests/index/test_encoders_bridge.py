"""What only the bundled encoder promises: the vectors of a static embedding, no torch, damage found out."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from index.encoders.base import Vectors
from index.encoders.bridge import BUNDLED, BridgeEncoder
from index.encoders.table import Table, open_table
from index.errors import EncoderError, ModelNotFound
from index.text.fold import fold
from index.text.tokens import words
from train.folder import packed

_LETTERS = st.text(st.sampled_from("अआकखगचतदनपमरलसहािीुेों्ंँ़abcdeinorstxz 019.,-।\u200d"), max_size=60)


@pytest.fixture(scope="module")
def bridge() -> BridgeEncoder:
    return BridgeEncoder()


def rows_of(table: Table) -> Vectors:
    """Every row, as the sum of itself."""
    return table.sums(np.arange(len(table)), range(1, len(table) + 1))


def rows_sum(pieces: Sequence[int]) -> Vectors:
    return _shared()._table.sums(np.array(pieces, np.intp), [len(pieces)])[0]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "copy"))


def test_sentence_transformers_gives_the_same_vectors_with_the_same_table(
    bridge: BridgeEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding

    texts = ["भारत और रूस के बीच मुक्त व्यापार समझौता", "When did Chandrayaan-3 land?", "ज़्यादा हिन्दी ख़बरें, U.S."]
    prepared = [" ".join(fold(word) for word in words(text)) for text in texts]
    table = open_table(BUNDLED / "model.safetensors")
    static = StaticEmbedding(
        Tokenizer.from_file(str(BUNDLED / "tokenizer.json")), embedding_weights=rows_of(table)
    )
    theirs = SentenceTransformer(modules=[static, Normalize()], device="cpu").encode(prepared)
    assert np.allclose(bridge.encode_passages(texts), theirs.astype(np.float32), atol=1e-3)


@settings(max_examples=100, deadline=None)
@given(_LETTERS, _LETTERS)
def test_a_text_is_the_sum_of_its_halves(left: str, right: str) -> None:
    bridge = _shared()
    parts = [bridge._pieces(left), bridge._pieces(right)]
    assert bridge._pieces(f"{left}\n{right}") == parts[0] + parts[1]
    both, whole = bridge.encode_passages([f"{left}\n{right}"])[0], sum(map(rows_sum, parts))
    assert np.allclose(both * np.linalg.norm(whole), whole, atol=1e-3)


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=80))
def test_any_text_has_a_finite_row_of_length_one_or_zero(text: str) -> None:
    length = np.linalg.norm(_shared().encode_passages([text]))
    assert length == 0 or abs(length - 1) < 1e-5


def test_spellings_of_one_word_are_one_vector(bridge: BridgeEncoder) -> None:
    rows = bridge.encode_passages(["हिन्दी ज़्यादा", "हिंदी ज्यादा"])
    assert np.array_equal(rows[0], rows[1])


def test_a_translation_is_nearer_than_another_sentence(bridge: BridgeEncoder) -> None:
    query = bridge.encode_queries(["The Prime Minister opened a new bridge over the river"])
    near, far = bridge.encode_passages(["प्रधानमंत्री ने नदी पर नए पुल का उद्घाटन किया", "टीम ने कल का मैच जीत लिया"])
    assert query @ near > 0.5 > query @ far + 0.2


def test_a_full_cache_changes_nothing(bridge: BridgeEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.text.tokens._REMEMBERED", 8)
    monkeypatch.setattr("index.encoders.table._STRETCH", 4)
    small = BridgeEncoder()
    texts = [" ".join(f"{word}{number}" for word in ("पुल", "india")) for number in range(30)]
    texts.append(" ".join(texts))
    assert np.allclose(small.encode_passages(texts), bridge.encode_passages(texts), atol=1e-5)


def test_four_bits_keep_the_direction_of_a_row(tmp_path: Path) -> None:
    rows = (
        np.random.default_rng(1).normal(size=(200, 64)).astype(np.float32) * np.logspace(-4, 0, 200)[:, None]
    )
    codes, scales = packed(rows.astype(np.float32))
    read = rows_of(Table(codes, scales))
    cosines = (read * rows).sum(1) / np.linalg.norm(read, axis=1) / np.linalg.norm(rows, axis=1)
    assert cosines.min() > 0.985
    assert cosines.mean() == pytest.approx(
        0.995, abs=0.001
    )  # 1 - the mean square error of these levels, .0095
    lengths = np.linalg.norm(read, axis=1) / np.linalg.norm(rows, axis=1)
    assert np.allclose(lengths / lengths[-1], 1, atol=0.02)  # up to one factor for all


def test_a_process_that_uses_the_bridge_never_imports_torch() -> None:
    code = (
        "import sys; from index.encoders.choose import open_encoder; "
        "open_encoder('bridge').encoder.encode_queries(['भारत']); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_folder_is_small_and_readable_and_its_checksums_hold() -> None:
    files = [path for path in BUNDLED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= 16_000_000
    assert {path.stat().st_mode & 0o777 for path in files} == {0o644}
    for name, digest in json.loads((BUNDLED / "bridge.json").read_text("utf-8"))["sha256"].items():
        assert hashlib.sha256((BUNDLED / name).read_bytes()).hexdigest() == digest


def test_the_model_card_names_every_source_with_its_licence() -> None:
    from train.sources import known_sources

    card = (BUNDLED / "README.md").read_text("utf-8")
    for source in known_sources():
        assert f"`{source.name}`" in card
        assert source.licence in card


def test_preparation_number_is_raised_with_the_preparation() -> None:
    """If this fails, raise PREPARATION in `index/encoders/bridge.py` and put the new pair here."""
    from index.encoders.bridge import PREPARATION

    text = "U.S. Café 1,20,000 हिन्दी गयी ज़्यादा दुःख चाँद २०२३ WHO who ＡＢＣ Chandrayaan-3 ए.पी.जे. don’t ऑफ़िस"
    prepared = "|".join(fold(word) for word in words(text))
    assert (PREPARATION, hashlib.sha256(prepared.encode()).hexdigest()[:8]) == (2, "7a1bcb16")


def test_a_missing_folder_says_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=str(tmp_path / "none")):
        BridgeEncoder(tmp_path / "none")


def test_a_cut_table_is_found_out(copy: Path) -> None:
    table = copy / "model.safetensors"
    table.write_bytes(table.read_bytes()[:-2])
    with pytest.raises(EncoderError, match=r"model\.safetensors is damaged"):
        BridgeEncoder(copy)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "bridge.json"])
@pytest.mark.parametrize("content", [b"", b"\xff" * 100, b"{}"])
def test_a_file_of_rubbish_is_found_out(copy: Path, name: str, content: bytes) -> None:
    (copy / name).write_bytes(content)
    with pytest.raises(EncoderError, match=name.replace(".", r"\.")):
        BridgeEncoder(copy)


def test_the_fingerprint_follows_the_checksums(copy: Path, bridge: BridgeEncoder) -> None:
    assert BridgeEncoder(copy).fingerprint == bridge.fingerprint
    about = json.loads((copy / "bridge.json").read_text("utf-8"))
    about["sha256"]["model.safetensors"] = "0" * 64
    (copy / "bridge.json").write_text(json.dumps(about), "utf-8")
    assert BridgeEncoder(copy).fingerprint != bridge.fingerprint


_opened: list[BridgeEncoder] = []


def _shared() -> BridgeEncoder:
    if not _opened:
        _opened.append(BridgeEncoder())
    return _opened[0]
