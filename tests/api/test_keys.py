import json
import stat
from pathlib import Path

import pytest

from api.keys import Keys
from index.errors import NotFound, SettingsError


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_a_key_is_found_by_its_text_and_by_no_other(path: Path) -> None:
    key, text = Keys(path).add("page", ["search"])
    keys = Keys(path)
    assert keys.find(text) == key
    for other in (
        "",
        text[:-1],
        text + "x",
        text.upper(),
        f"dbh_{key.id}_",
        "dbh__",
        "_" * 9,
        "\ud800_a_b",
        "é_é_é",
    ):
        assert keys.find(other) is None


def test_the_file_holds_no_key_and_is_for_its_user_alone(path: Path) -> None:
    _, text = Keys(path).add("page", ["search"])
    assert text not in path.read_text() and text.rpartition("_")[2] not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_admin_may_do_everything_and_search_only_that(path: Path) -> None:
    keys = Keys(path)
    admin, search = keys.add("a", ["admin"])[0], keys.add("s", ["search"])[0]
    assert [admin.may(scope) for scope in ("search", "metrics", "admin")] == [True, True, True]
    assert [search.may(scope) for scope in ("search", "metrics", "admin")] == [True, False, False]


def test_a_removed_key_ends_at_once_in_another_process(path: Path) -> None:
    here, there = Keys(path), Keys(path)
    _, text = here.add("page", ["search"])
    assert there.find(text)
    here.remove("page")
    assert there.find(text) is None


def test_a_name_of_several_keys_does_not_say_which_to_remove(path: Path) -> None:
    keys = Keys(path)
    keys.add("page", ["search"]), keys.add("page", ["search"])
    with pytest.raises(SettingsError, match="2 keys have the name"):
        keys.remove("page")
    with pytest.raises(NotFound):
        keys.remove("nobody")
    assert len(keys.all()) == 2


OTHER_KINDS = '{"keys": [{"id": ["x"], "name": "n", "scopes": ["search"], "hash": null, "created": ""}]}'


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"keys": 3}', '{"keys": [{"id": "x"}]}', OTHER_KINDS, "[" * 100_000]
)
def test_a_broken_file_lets_nobody_in_and_is_not_overwritten(path: Path, content: str) -> None:
    _, text = Keys(path).add("page", ["search"])
    path.write_text(content)
    assert Keys(path).find(text) is None
    with pytest.raises(SettingsError, match="no file of keys"):
        Keys(path).add("other", ["search"])
    assert path.read_text() == content


def test_scopes_and_names_are_checked(path: Path) -> None:
    for name, scopes in (("a", []), ("a", ["root"]), ("", ["search"]), ("a\nb", ["search"])):
        with pytest.raises(SettingsError):
            Keys(path).add(name, scopes)
    assert not path.exists()


def test_the_hash_is_sha256_of_the_whole_key(path: Path) -> None:
    import hashlib

    _, text = Keys(path).add("page", ["search"])
    assert json.loads(path.read_text())["keys"][0]["hash"] == hashlib.sha256(text.encode()).hexdigest()
