from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from train.akin import akin, headwords

VECTORS = {"conquer": (1.0, 0.0), "conquest": (0.8, 0.6), "poem": (0.0, 2.0)}


def encode(words: Sequence[str]) -> np.ndarray:
    return np.asarray([VECTORS[word] for word in words], np.float32)


def test_words_are_akin_by_the_cosine_of_their_vectors() -> None:
    found = akin(["conquer", "conquest", "poem"], encode)
    assert [word for word, _ in found["conquest"]] == ["conquer", "poem"]
    assert [cosine for _, cosine in found["conquest"]] == pytest.approx([0.8, 0.6])


def test_a_word_is_not_its_own_kin_and_the_far_are_none() -> None:
    found = akin(["conquer", "conquest", "poem"], encode)
    assert [word for word, _ in found["conquer"]] == ["conquest"]


def test_forms_of_one_word_are_asked_for_once_and_unknown_ones_not_at_all() -> None:
    assert headwords(["rivers", "river", "it", "zzqx", "राज"], {"river"}.__contains__) == ["river"]
