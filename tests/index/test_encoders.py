"""The contract of `index.encoders.base`, over every encoder there is."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.encoders.base import Encoder
from index.encoders.bridge import BridgeEncoder
from index.encoders.choose import open_encoder
from tests.index.encoder_models import save_e5_like, save_labse_like

SEEN = ["भारत में चुनाव 2023", "election commission of india", "नदी का पुल", "a river bridge in india", "votes"]
NOTHING = ["", "   ", "\n", "!?…", "—", "\u200d", "𒀀𒀁"]


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        made = tmp_path_factory.mktemp("models")
        save_labse_like(made / "labse-like")
        save_e5_like(made / "e5-like")
        yield {"bridge": "bridge", **{name: str(made / name) for name in ("labse-like", "e5-like")}}


@pytest.fixture(scope="session", params=["bridge", "labse-like", "e5-like"])
def encoder(request: pytest.FixtureRequest, folders: dict[str, str]) -> Encoder:
    return open_encoder(folders[request.param]).encoder


def test_every_encoder_keeps_the_protocol(encoder: Encoder) -> None:
    assert isinstance(encoder, Encoder)
    assert encoder.name


def test_rows_are_units_of_float32(encoder: Encoder) -> None:
    for encode in (encoder.encode_passages, encoder.encode_queries):
        rows = encode(SEEN)
        assert rows.dtype == np.float32
        assert rows.shape == (len(SEEN), encoder.dimension)
        assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows(encoder: Encoder) -> None:
    assert encoder.encode_passages([]).shape == (0, encoder.dimension)
    assert encoder.encode_queries([]).shape == (0, encoder.dimension)


@pytest.mark.parametrize("text", NOTHING)
def test_a_text_with_nothing_to_see_is_a_row_of_zeros(encoder: Encoder, text: str) -> None:
    rows = encoder.encode_passages([SEEN[0], text])
    assert not rows[1].any()
    assert rows[0].any()
    assert not encoder.encode_queries([text]).any()


def test_a_row_does_not_depend_on_its_neighbours(encoder: Encoder) -> None:
    together = encoder.encode_passages([*SEEN, "पुल " * 200])
    apart = np.concatenate([encoder.encode_passages([text]) for text in SEEN])
    assert np.allclose(together[: len(SEEN)], apart, atol=1e-5)


def test_threads_get_what_one_thread_gets(encoder: Encoder) -> None:
    alone = encoder.encode_passages(SEEN)
    with ThreadPoolExecutor(8) as pool:
        rows = list(pool.map(encoder.encode_passages, [SEEN] * 32))
    assert all(np.allclose(found, alone, atol=1e-5) for found in rows)


def test_a_very_long_text_has_a_row(encoder: Encoder) -> None:
    assert np.isclose(np.linalg.norm(encoder.encode_passages(["नदी " * 10_000])), 1, atol=1e-5)


def test_the_fingerprint_is_16_digits_and_the_same_when_opened_again(
    encoder: Encoder, folders: dict[str, str]
) -> None:
    assert len(encoder.fingerprint) == 16
    int(encoder.fingerprint, 16)
    name = encoder.name if encoder.name == "bridge" else folders[Path(encoder.name).name]
    assert open_encoder(name).encoder.fingerprint == encoder.fingerprint


def test_different_encoders_have_different_fingerprints(folders: dict[str, str]) -> None:
    found = {open_encoder(folder).encoder.fingerprint for folder in folders.values()}
    assert len(found) == len(folders)


def test_composed_and_decomposed_letters_are_one_text(encoder: Encoder) -> None:
    composed, decomposed = encoder.encode_passages(["caf\u00e9 पुल \u0958", "cafe\u0301 पुल \u0915\u093c"])
    assert np.allclose(composed, decomposed, atol=1e-6)


def test_the_bridge_knows_no_prompts_and_e5_does(folders: dict[str, str]) -> None:
    bridge, e5 = BridgeEncoder(), open_encoder(folders["e5-like"]).encoder
    assert np.array_equal(bridge.encode_queries(SEEN), bridge.encode_passages(SEEN))
    assert not np.allclose(e5.encode_queries(SEEN), e5.encode_passages(SEEN), atol=1e-3)
