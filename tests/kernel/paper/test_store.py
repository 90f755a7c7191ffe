"""Bytes are kept by their hash, and no name from outside reaches the disk."""

import hashlib
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp.kernel.errors import Problems
from erp.kernel.paper.files import clean_name, type_of
from erp.kernel.paper.store import Folder, TooLarge


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "files")
    first, second = (folder.put(io.BytesIO(b"same"), 100) for _ in range(2))
    assert first == second == (hashlib.sha256(b"same").hexdigest(), 4)
    assert folder.open(first[0]).read() == b"same"
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_stream_that_is_too_long_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(TooLarge):
        Folder(tmp_path).put(io.BytesIO(b"x" * 11), 10)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "", "g" * 64, "A" * 64])
def test_only_a_hash_is_a_place(name: str, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Folder(tmp_path).path(name)


@given(st.text(max_size=400))
def test_a_sent_name_has_no_path_and_no_control_characters(name: str) -> None:
    clean = clean_name(name)
    assert clean
    assert len(clean) <= 220
    assert not set(clean) & {"/", "\\", "\0", "\n", "\u202e"}


def test_what_is_no_picture_is_not_kept_as_one() -> None:
    assert type_of("a.PNG", b"\x89PNG\r\n\x1a\n") == "image/png"
    for name, head in (("a.png", b"<svg onload="), ("a.exe", b"MZ"), ("noending", b"x")):
        with pytest.raises(Problems):
            type_of(name, head)


def test_the_sweep_takes_old_bytes_that_nobody_knows_and_spares_those_wanted_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (known, _), (again, _), (lost, _) = (folder.put(io.BytesIO(one), 100) for one in (b"known", b"again", b"lost"))
    for one in (known, again, lost):
        os.utime(folder.path(one), (1, 1))

    def names_known(names: list[str]) -> set[str]:
        assert set(names) == {known, again, lost}
        folder.put(io.BytesIO(b"again"), 100)  # somebody keeps the same bytes while the sweep asks
        return {known}

    assert folder.sweep(names_known, 1000) == 1
    assert [folder.path(one).exists() for one in (known, again, lost)] == [True, True, False]
