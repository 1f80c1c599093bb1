"""Builds the dashboard's files from ``dashboard/`` with its own tools, and puts them where a deployment serves them."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from infra.packaging.build import CACHE, ROOT, BuildError
from infra.packaging.build_cache import kept

SOURCES = ROOT / "dashboard"
_NOT_SOURCE = {"node_modules", "dist", ".vite"}
_FOREVER = "public, max-age=31536000, immutable"  # what has a hash of its content in its name
_ASK_FIRST = "no-cache"
# So long a page that was opened before may still load its parts.
_KEPT = timedelta(days=7)
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".json": "application/json"}


def built_site() -> Path:
    """A folder with the files; the same sources are built once. Raises BuildError when they can't be."""
    return kept(CACHE / f"dashboard-{site_hash()[:16]}", _build)


def _build(folder: Path) -> None:
    if not (SOURCES / "node_modules" / ".bin" / "vite").exists():
        raise BuildError("the dashboard's tools aren't installed: make install does that")
    command = ["npm", "--prefix", str(SOURCES), "run", "--silent", "build", "--", "--outDir", str(folder)]
    if subprocess.run([*command, "--logLevel=warn"], cwd=SOURCES, check=False, stdout=sys.stderr).returncode != 0:  # noqa: S603
        raise BuildError("the dashboard couldn't be built; the message is above")


def site_hash() -> str:
    """Identify the sources by the names and contents of their files, and the API's description that they're held to."""
    digest = hashlib.sha256()
    for path in [*_sources(SOURCES), ROOT / "docs" / "console-openapi.json"]:
        digest.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def settings_of(outputs: Mapping[str, str], region: str) -> dict[str, str]:
    """What ``/config.json`` tells the dashboard of its deployment."""
    pool = outputs["UserPoolId"]
    return {
        "apiUrl": "",
        "publicApiUrl": outputs["ApiUrl"],
        "loginUrl": outputs["LoginUrl"],
        "issuer": f"https://cognito-idp.{region}.amazonaws.com/{pool}",
        "clientId": outputs["UserPoolClientId"],
    }


def put_site(s3: Any, bucket: str, site: Path, settings: Mapping[str, str]) -> int:
    """Put the files into the bucket; how many there are. `s3` is boto3's client.

    What has a hash in its name comes first and the page that names it last, so whoever opens the dashboard meanwhile
    gets the old one or the new one. What no page names any more goes after a week.
    """
    files = sorted(path for path in site.rglob("*") if path.is_file())
    names = {path: path.relative_to(site).as_posix() for path in files}
    for path in sorted(files, key=lambda path: (not names[path].startswith("assets/"), path.suffix == ".html")):
        _put(s3, bucket, names[path], path.read_bytes())
    _put(s3, bucket, "config.json", json.dumps(settings, indent=2).encode())
    current, before = {*names.values(), "config.json"}, datetime.now(UTC) - _KEPT
    _remove(s3, bucket, lambda found: found["Key"] not in current and found["LastModified"] < before)
    return len(files)


def empty_site(s3: Any, bucket: str) -> None:
    """Remove all files: a bucket that holds any doesn't go with its stack."""
    _remove(s3, bucket, lambda _: True)


def _put(s3: Any, bucket: str, name: str, content: bytes) -> None:
    suffix = Path(name).suffix
    kind = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if kind.startswith("text/"):
        kind += "; charset=utf-8"
    cache = _FOREVER if name.startswith("assets/") else _ASK_FIRST
    s3.put_object(Bucket=bucket, Key=name, Body=content, ContentType=kind, CacheControl=cache)


def _remove(s3: Any, bucket: str, may_go: Callable[[dict[str, Any]], bool]) -> None:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        old = [{"Key": found["Key"]} for found in page.get("Contents", []) if may_go(found)]
        if old:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": old, "Quiet": True})


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name in _NOT_SOURCE:
            continue
        if path.is_dir():
            yield from _sources(path)
        else:
            yield path
