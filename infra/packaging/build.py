"""Builds what Lambda runs from the sources and the lock: no Docker, no CDK.

Everything ships with ``unchecked-hash`` bytecode of the version that runs it. The CDK's zips stamp
every file with 1980, so bytecode that is checked against its source's time never counts and each
cold start would compile all imports again.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from infra.config.environments import LAMBDA_PYTHON, WheelTarget
from infra.packaging.build_cache import kept

ROOT = Path(__file__).resolve().parents[2]
VENDOR_LOCK = ROOT / "layers" / "vendor" / "requirements.txt"
PACKAGE_JSON = ROOT / "package.json"
CACHE = ROOT / ".local" / "build"

# Raised by hand when the same sources must be built anew.
_BUILDER_VERSION = "2"
# botocore describes 400 services in 25 MB; loading a client reads through their folder.
_BOTOCORE_SERVICES = ("apigatewaymanagementapi", "cognito-idp", "dynamodb", "kms", "sqs", "stepfunctions")
_LAMBDA_PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")
_NOT_SOURCE = {"__pycache__", ".DS_Store"}
_NOT_SHIPPED = ("tests", "test", "bin", "examples")


class BuildError(Exception):
    """A layer or function package couldn't be built."""


def vendor_hash(target: WheelTarget) -> str:
    """Identify the vendor layer by its lock and everything else that shapes it."""
    interpreter = f"{sys.version_info[:2]}{sys.platform}{os.uname().machine}" if target == "host" else LAMBDA_PYTHON
    parts = (VENDOR_LOCK.read_text(), *_BOTOCORE_SERVICES, interpreter)
    return _digest(_BUILDER_VERSION, target, _compiler(target), *parts)


def source_hash(folder: Path, target: WheelTarget) -> str:
    """Identify a folder of sources by the names and contents of its files."""
    parts = [f"{path.relative_to(folder)}\0{path.read_text()}" for path in source_files(folder)]
    return _digest(_BUILDER_VERSION, target, _compiler(target), *parts)


def source_files(folder: Path) -> Iterator[Path]:
    """The files of a source folder in a stable order, without what interpreters leave behind."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not _NOT_SOURCE.intersection(path.parts) and path.suffix != ".pyc":
            yield path


def build_vendor(output: Path, target: WheelTarget) -> None:
    """Put the vendor layer into ``output``."""
    shutil.copytree(cached_vendor(target), output, dirs_exist_ok=True)


def cached_vendor(target: WheelTarget) -> Path:
    """Return a folder with the vendor layer; a lock is installed once. Raises BuildError if pip can't."""

    def build(folder: Path) -> None:
        _install(folder / "python", target)
        _trim(folder / "python")
        _compile(folder, "/opt", target)

    return kept(CACHE / f"vendor-{target}-{vendor_hash(target)[:16]}", build)


def build_sources(folder: Path, output: Path, installed_at: str, target: WheelTarget) -> None:
    """Copy a folder of sources into ``output`` and compile it for ``installed_at``, its place on Lambda."""
    for path in source_files(folder):
        destination = output / path.relative_to(folder)
        destination.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, destination)
    _compile(output, installed_at, target)


def _install(folder: Path, target: WheelTarget) -> None:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"),
        *("--require-hashes", "--no-deps", "--only-binary=:all:"),
        *("--target", str(folder), "--requirement", str(VENDOR_LOCK)),
    ]
    if target == "lambda":
        for platform in _LAMBDA_PLATFORMS:
            command += ["--platform", platform]
        command += ["--python-version", LAMBDA_PYTHON, "--implementation", "cp"]
    _tell(f"building the vendor layer for {target} ...")
    result = subprocess.run(command, check=False, stdout=sys.stderr)  # noqa: S603
    if result.returncode != 0:
        raise BuildError("pip couldn't install layers/vendor/requirements.txt; its message is above")


def _trim(folder: Path) -> None:
    """Remove what no function loads."""
    for package in [folder, *folder.iterdir()]:
        for name in _NOT_SHIPPED:
            shutil.rmtree(package / name, ignore_errors=True)
    for data in ("botocore/data", "boto3/data"):
        for service in (folder / data).iterdir():
            if service.is_dir() and service.name not in _BOTOCORE_SERVICES:
                shutil.rmtree(service)


def _compiler(target: WheelTarget) -> str:
    """What makes the bytecode: the same sources under another version of it are another package."""
    if target == "host":
        return f"{sys.version_info.major}.{sys.version_info.minor}"
    return str(json.loads(PACKAGE_JSON.read_text())["devDependencies"]["pyodide"])


def _compile(folder: Path, installed_at: str, target: WheelTarget) -> None:
    """Bytecode for the emulator is this interpreter's; for Lambda, CPython of its version in WebAssembly makes it."""
    if target == "host":
        options = ["-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder), "-p", installed_at]
        command = [sys.executable, "-m", "compileall", *options, str(folder)]
    else:
        command = ["node", str(ROOT / "infra" / "packaging" / "compile.mjs"), str(folder), installed_at]
    try:
        result = subprocess.run(command, check=False, stdout=sys.stderr)  # noqa: S603
    except FileNotFoundError:
        raise BuildError(f"{command[0]} isn't on the PATH: without it nothing is compiled for Lambda") from None
    if result.returncode != 0:
        raise BuildError(f"{folder} couldn't be compiled; the message is above")


def _tell(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _digest(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
