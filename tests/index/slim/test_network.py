"""How the network runs: two forms with one answer, a table that stays in the file, no telemetry."""

from __future__ import annotations

import json
import mmap
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoders.network import Network
from index.encoders.openvino import OpenVinoEncoder
from index.encoders.pages import give_back
from index.encoders.shelf import WEIGHTS
from index.errors import EncoderError

TEXTS = [
    "चुनाव आयोग",
    "a river bridge in india",
    "नदी",
    "votes in the election commission of india 2023",
    "मत",
]


def test_many_texts_get_the_rows_that_each_gets_alone(bf16: Path) -> None:
    encoder = OpenVinoEncoder(bf16)
    many = encoder.encode_passages(TEXTS * 30)
    few = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert encoder._network._many is not None
    assert np.einsum("ij,ij->i", many, np.tile(few, (30, 1))).min() > 0.999


def test_a_server_that_only_answers_queries_compiles_one_form(bf16: Path) -> None:
    encoder = OpenVinoEncoder(bf16)
    assert encoder.encode_queries(TEXTS * 4).shape == (20, 32)
    assert encoder._network._many is None


def test_int8_keeps_its_table_in_8_bits_with_a_scale_a_row(int8: Path) -> None:
    about = json.loads((int8 / "slim.json").read_text("utf-8"))
    network = (int8 / "model.xml").read_text("utf-8")
    rows = f"""shape="{about["pieces"]}, 32\""""
    constants = [line for line in network.splitlines() if rows in line and "element_type" in line]
    assert [line.split('element_type="')[1].split('"')[0] for line in constants] == ["i8"]


def test_the_library_cannot_send_telemetry() -> None:
    code = (
        "import sys; from index.encoders.network import library; library(); import nncf, openvino.tools.ovc; "
        "print(sys.modules['openvino_telemetry'], type(nncf.telemetry.telemetry).__name__)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["None", "MagicMock"]


def test_a_model_that_is_replaced_while_in_use_is_not_mixed_with_the_other(
    bf16: Path, int8: Path, tmp_path: Path
) -> None:
    """The form for many texts is compiled later than the one for few: from the same files, or not at all."""
    folder = Path(shutil.copytree(bf16, tmp_path / "model"))
    encoder = OpenVinoEncoder(folder)
    shutil.rmtree(folder)
    shutil.copytree(int8, folder)
    with pytest.raises(EncoderError, match="was replaced while it was in use"):
        encoder.encode_passages(TEXTS)
    assert encoder.encode_queries(TEXTS).shape == (len(TEXTS), 32)


def test_a_model_with_rows_of_another_length_than_it_says_is_refused(bf16: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(bf16, tmp_path / "model"))
    told = json.loads((folder / "slim.json").read_text("utf-8"))
    (folder / "slim.json").write_text(json.dumps(told | {"dimension": 64}))
    with pytest.raises(EncoderError, match="says that its rows have 64 values, and they have 32"):
        OpenVinoEncoder(folder)


def test_rows_that_cannot_be_put_are_an_error_after_the_last_batch(bf16: Path) -> None:
    network = OpenVinoEncoder(bf16)._network
    batches = [([place], [np.ones(4, np.int64)]) for place in range(20)]
    with pytest.raises(ValueError, match="broadcast"):
        network.many(batches, np.zeros((20, 31), np.float32))
    rows = np.zeros((20, 32), np.float32)
    network.many(batches, rows)
    assert rows.any(axis=1).all()


def test_a_signal_after_a_model_was_let_go_in_another_thread_is_no_crash(bf16: Path) -> None:
    code = (
        "import faulthandler, os, signal, sys, threading\n"
        "from pathlib import Path\n"
        "from index.encoders.openvino import OpenVinoEncoder\n"
        "faulthandler.enable()  # as servers of other people's may: signals get a stack of their own\n"
        "models = [OpenVinoEncoder(Path(sys.argv[1]))]\n"
        "thread = threading.Thread(target=models.clear)\n"
        "thread.start(), thread.join()\n"
        "signal.signal(signal.SIGTERM, lambda *_: print('heard'))\n"
        "os.kill(os.getpid(), signal.SIGTERM)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(bf16)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "heard\n"), done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="the call is Linux's")
def test_mapped_pages_are_given_back_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "mapped"
    path.write_bytes(bytes(range(256)) * 4096)
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert sum(mapped[::4096]) >= 0
        assert give_back(path) == 1 << 20
        assert mapped[255] == 255
    assert give_back(path) == 0


def test_loading_gives_the_weights_file_back(bf16: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Path] = []
    monkeypatch.setattr("index.encoders.network.give_back", given.append)
    Network(bf16, 256)
    assert given == [bf16 / WEIGHTS]


def test_a_server_meets_few_shapes(bf16: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network(bf16, 24)
    shapes: set[tuple[int, ...]] = set()
    infer = network._quick.infer

    class Noting:
        def infer(self, given: dict[str, np.ndarray]) -> object:
            shapes.add(given["input_ids"].shape)
            return infer(given)

        def get_output_tensor(self) -> object:
            return tensor()

    tensor = network._quick.get_output_tensor
    monkeypatch.setattr(network, "_quick", Noting())
    for length in range(1, 25):
        for rows in (1, 5, 6):
            assert network.quick([np.ones(length, np.int64)] * rows).shape == (rows, 32)
    assert shapes == {(rows, width) for rows in (1, 8) for width in (16, 24)}
