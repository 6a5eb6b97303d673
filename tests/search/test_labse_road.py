"""LaBSE's road from weights to answers, on a small model of its shape: built, searched, refused to another."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import rebuild
from index.encoders.choose import open_encoder
from index.errors import IndexMismatch
from index.layout import Layout
from index.manifest import read_manifest
from search.searcher import Searcher
from search.types import SearchRequest
from tests.index.encoder_models import VOCABULARY, save_e5_like, save_labse_like


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Two models of one shape and different tokens, so of different fingerprints."""
    folders = [tmp_path_factory.mktemp("labse") / str(number) for number in (1, 2)]
    save_labse_like(folders[0], VOCABULARY)
    save_labse_like(folders[1], [*VOCABULARY, "more"])
    return [str(folder) for folder in folders]


def test_an_index_is_built_searched_and_refused_to_another_model(models: list[str], tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text('{"text": "चुनाव आयोग भारत में"}\n{"text": "river bridge in india"}\n', encoding="utf8")
    rebuild([source], tmp_path / "index", open_encoder(models[0]).encoder)

    layout = Layout(tmp_path / "index")
    made = read_manifest(layout.folder(layout.current().number)).encoder
    assert (made.dimension, made.about["pooling"], made.about["precision"]) == (32, "cls", "float32")

    searcher = Searcher.open(tmp_path / "index")  # the manifest says which model
    assert searcher.info()["dimension"] == 32
    hits = searcher.search(SearchRequest("election commission", mode="hybrid")).hits
    assert hits[0].text == "चुनाव आयोग भारत में"
    assert searcher.search(SearchRequest("नदी पुल", mode="dense")).hits
    searcher.close()

    with pytest.raises(IndexMismatch, match="rebuild"):
        Searcher.open(tmp_path / "index", models[1])
    with pytest.raises(IndexMismatch, match="rebuild"):
        Searcher.open(tmp_path / "index", "bridge")


def test_prompts_and_revision_of_a_fetched_model_are_in_the_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    repository = tmp_path / "hub" / "models--intfloat--e5-like"
    save_e5_like(tmp_path / "e5-like")
    (repository / "refs").mkdir(parents=True)
    (repository / "refs" / "main").write_text("abc123", "ascii")
    (repository / "snapshots").mkdir()
    (tmp_path / "e5-like").rename(repository / "snapshots" / "abc123")
    (tmp_path / "a.txt").write_text("Title\n\nriver bridge in india\n", "utf-8")
    rebuild([tmp_path / "a.txt"], tmp_path / "index", open_encoder("intfloat/e5-like").encoder)

    layout = Layout(tmp_path / "index")
    made = read_manifest(layout.folder(layout.current().number)).encoder
    assert made.name == "intfloat/e5-like"
    assert made.about == {
        "source": "intfloat/e5-like",
        "revision": "abc123",
        "precision": "float32",
        "pooling": "mean",
        "query_prompt": "query: ",
        "passage_prompt": "passage: ",
    }
