"""Tells whether anything that a deployment is made of has changed."""

import hashlib
from pathlib import Path

from infra.packaging.build import source_files
from infra.packaging.site import site_hash
from smskit_local.deploy import ROOT

_FOLDERS = ("infra", "functions", "layers")
_FILES = ("app.py", "cdk.json", "package-lock.json", "requirements.lock")


def source_hash(root: Path = ROOT) -> str:
    """A hash over the names and contents of all sources of the stacks."""
    digest = hashlib.sha256()
    files = [path for folder in _FOLDERS for path in source_files(root / folder)]
    for path in [*files, *(root / name for name in _FILES)]:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(root)} {content}\n".encode())
    digest.update(site_hash().encode())
    return digest.hexdigest()
