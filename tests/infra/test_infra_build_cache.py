"""What was built is kept, whole, and built by one process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from infra.packaging.build_cache import kept


def test_of_several_at_once_one_builds_and_all_get_it(tmp_path: Path) -> None:
    all_here, built = Barrier(4), []

    def build(folder: Path) -> None:
        built.append(folder)
        folder.mkdir()
        (folder / "file").write_text("whole")

    def ask(_: int) -> str:
        all_here.wait()
        return (kept(tmp_path / "cache" / "site", build) / "file").read_text()

    with ThreadPoolExecutor(4) as askers:
        assert set(askers.map(ask, range(4))) == {"whole"}
    assert len(built) == 1


def test_a_build_that_fails_leaves_nothing_and_is_done_anew(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        folder.mkdir()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(tmp_path / "site", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["site.lock"]
    assert kept(tmp_path / "site", Path.mkdir).is_dir()
