"""A disk that fills up and has room again."""

import resource

import pytest

from smskit_phone.database import Database


class FullDisk:
    """Really full for this process: the kernel refuses every write that would grow a file beyond nothing."""

    def __init__(self) -> None:
        self._limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, self._limits[1]))

    def clear(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self._limits)


def watch_databases(monkeypatch: pytest.MonkeyPatch) -> list[Database]:
    """The databases that are opened from now on."""
    databases: list[Database] = []
    opened = Database.__init__

    def record(database: Database, *values) -> None:
        opened(database, *values)
        databases.append(database)

    monkeypatch.setattr(Database, "__init__", record)
    return databases


class FullFile:
    """The journal's file has no room for more pages, which SQLite says in the words that it has for a full disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.databases = watch_databases(monkeypatch)

    def fill(self) -> None:
        self._limit(1)

    def clear(self) -> None:
        self._limit(1_000_000)

    def _limit(self, pages: int) -> None:
        """SQLite takes no limit below the file's present size."""
        self.databases[-1].rows(f"PRAGMA max_page_count = {pages}")
