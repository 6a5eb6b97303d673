"""A slim model gives its original's vectors, runs without torch, and verify measures it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoders.base import Encoder
from index.encoders.choose import open_encoder
from index.encoders.openvino import OpenVinoEncoder
from index.encoders.shelf import read_slim
from index.errors import EncoderError, SettingsError
from index.slim.judged import read_judged
from index.slim.verify import BOUNDS, verify
from tests.index.slim.conftest import FOREIGN, TEXTS


@pytest.fixture(scope="module")
def theirs(original: Path) -> Encoder:
    return open_encoder(str(original)).encoder


@pytest.fixture(scope="module", params=["bf16", "int8"])
def ours(request: pytest.FixtureRequest) -> OpenVinoEncoder:
    return OpenVinoEncoder(request.getfixturevalue(request.param))


def test_the_vectors_are_the_originals(theirs: Encoder, ours: OpenVinoEncoder) -> None:
    old, new = theirs.encode_passages(TEXTS), ours.encode_passages(TEXTS)
    bounds = BOUNDS[ours.about["precision"]]
    cosines = np.einsum("ij,ij->i", old, new)
    assert cosines.mean() >= bounds.cosine_mean
    assert cosines.min() >= bounds.cosine_min


def test_rows_are_units_whatever_stands_beside_them(ours: OpenVinoEncoder) -> None:
    together = ours.encode_passages([*TEXTS, "पुल " * 300, ""])
    assert np.allclose(np.linalg.norm(together[:-1], axis=1), 1, atol=1e-5)
    assert not together[-1].any()
    apart = np.concatenate([ours.encode_passages([text]) for text in TEXTS])
    assert np.einsum("ij,ij->i", together[: len(TEXTS)], apart).min() > 0.999


@pytest.mark.parametrize("text", ["", " ", "!?…", "𒀀𒀁"])
def test_nothing_to_see_is_a_row_of_zeros(ours: OpenVinoEncoder, text: str) -> None:
    assert not ours.encode_queries([text]).any()


def test_slim_json_says_what_was_done(bf16: Path) -> None:
    about = read_slim(bf16)
    assert about.source_pieces - about.pieces == len(FOREIGN)
    assert (about.pooling, about.dimension, about.verified) == ("cls", 32, {})


def test_fingerprints_follow_weights_and_prompts(bf16: Path, int8: Path, copy: Path) -> None:
    assert OpenVinoEncoder(copy).fingerprint == OpenVinoEncoder(bf16).fingerprint
    assert OpenVinoEncoder(int8).fingerprint != OpenVinoEncoder(bf16).fingerprint
    about = json.loads((copy / "slim.json").read_text("utf-8"))
    about["prompts"] = {"query": "query: "}
    (copy / "slim.json").write_text(json.dumps(about), "utf-8")
    assert OpenVinoEncoder(copy).fingerprint != OpenVinoEncoder(bf16).fingerprint


def test_a_name_of_the_shelf_opens_it(bf16: Path) -> None:
    encoder = open_encoder("small-bf16").encoder
    assert encoder.name == "small-bf16"
    assert encoder.encode_queries(["भारत"]).shape == (1, 32)


def test_it_runs_without_torch(bf16: Path) -> None:
    code = (
        "import sys; from index.encoders.choose import open_encoder; "
        f"open_encoder({str(bf16)!r}).encoder.encode_queries(['भारत']); "
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'nncf') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["slim.json", "model.xml", "tokenizer.json"])
def test_damage_is_an_encoder_error(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"{rubbish")
    with pytest.raises(EncoderError, match="copy"):
        OpenVinoEncoder(copy)


@pytest.fixture
def judged_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "judged"
    for language, place in (("hi", 0), ("en", 1)):
        (folder / language).mkdir(parents=True)
        text = "Title\n\n" + "\n\n".join(TEXTS[place::2])
        (folder / language / "a.txt").write_text(text, "utf-8")
    (folder / "qrels").mkdir()
    (folder / "queries.jsonl").write_text('{"_id": "q", "text": "election commission"}\n', "utf-8")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\ten/a:1\t1\n", "utf-8")
    return folder


def test_verify_blesses_what_keeps_the_bounds_and_writes_it_down(
    copy: Path, original: Path, judged_folder: Path
) -> None:
    verdict = verify(copy, str(original), read_judged(judged_folder), memory=False)
    assert verdict.cosine_mean > 0.999
    assert verdict.queries == 1
    assert read_slim(copy).verified["passed"] is (not verdict.faults)
    assert not verdict.faults, verdict.faults


def test_verify_does_not_bless_another_models_vectors(copy: Path, home: Path, judged_folder: Path) -> None:
    from tests.index.encoder_models import save_e5_like

    other = home / "other"
    save_e5_like(other)
    verdict = verify(copy, str(other), read_judged(judged_folder), memory=False)
    assert any("cosine_mean" in fault for fault in verdict.faults)
    assert read_slim(copy).verified["passed"] is False


def test_verify_reads_every_checksum(copy: Path, original: Path, judged_folder: Path) -> None:
    weights = bytearray((copy / "model.bin").read_bytes())
    weights[100] ^= 1
    (copy / "model.bin").write_bytes(bytes(weights))
    with pytest.raises(EncoderError, match=r"model\.bin is missing or altered"):
        verify(copy, str(original), read_judged(judged_folder), memory=False)


def test_slim_neither_overwrites_nor_leaves_the_shelf(bf16: Path, original: Path) -> None:
    from index.slim.slim import slim

    with pytest.raises(EncoderError, match="is there already"):
        slim(str(original), bf16, "bf16", (), lambda _: None)
    with pytest.raises(SettingsError):
        slim(str(original), bf16.parent / ".hidden", "bf16", (), lambda _: None)
    assert [path.name for path in bf16.parent.iterdir() if path.name.startswith(".")] == []
