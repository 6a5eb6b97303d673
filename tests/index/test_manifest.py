"""The manifest: what is written is read, and nothing else is believed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import IndexDamaged, IndexMismatch
from index.manifest import SCHEMA, Analysis, EncoderInfo, FileInfo, Manifest, read_manifest

MANIFEST = Manifest(
    generation=3,
    created="2026-01-02T03:04:05+00:00",
    tool="0.1.0",
    encoder=EncoderInfo("bridge", "0123456789abcdef", 256),
    analysis=Analysis("1", "1", "fedcba9876543210"),
    vectors="exact",
    documents=2,
    passages=5,
    languages={"hi": 3, "en": 2},
    sources=("/home/someone/समाचार",),
    files={"passages.db": FileInfo(8192, "ab" * 16), "postings/docs.npy": FileInfo(128, "cd" * 16)},
)


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    assert read_manifest(tmp_path) == MANIFEST
    assert MANIFEST.bytes == 8192 + 128
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_the_seal_is_of_every_field() -> None:
    others = [
        replace(MANIFEST, passages=6),
        replace(MANIFEST, sources=()),
        replace(MANIFEST, vectors="graph"),
    ]
    assert len({manifest.seal for manifest in (MANIFEST, *others)}) == 4


def test_any_altered_byte_is_noticed_or_means_the_same(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    path = tmp_path / "manifest.json"
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        try:
            assert read_manifest(tmp_path) == MANIFEST
        except IndexDamaged:
            continue


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"{" * 100_000, b"\xff", b'{"seal": 1}'])
def test_what_is_no_manifest_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    with pytest.raises(IndexDamaged, match="dubhashi rollback"):
        read_manifest(tmp_path)


def test_a_manifest_of_another_format_is_a_mismatch_that_says_so(tmp_path: Path) -> None:
    replace(MANIFEST, schema=SCHEMA + 1).write(tmp_path)
    with pytest.raises(IndexMismatch, match=f"format {SCHEMA + 1}, this program reads {SCHEMA}"):
        read_manifest(tmp_path)


def test_a_manifest_is_readable_by_people(tmp_path: Path) -> None:
    MANIFEST.write(tmp_path)
    body = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    assert body["languages"] == {"hi": 3, "en": 2} and body["seal"] == MANIFEST.seal
    assert "समाचार" in (tmp_path / "manifest.json").read_text("utf-8")
