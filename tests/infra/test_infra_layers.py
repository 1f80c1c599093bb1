"""What the layers and packages hold once they are built."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from infra.packaging import build
from infra.packaging.build import ROOT, BuildError, build_sources, build_vendor, source_hash, vendor_hash

# https://github.com/python/cpython/blob/3.13/Include/internal/pycore_magic_number.h
MAGIC_OF_3_13 = 3571
HANDLERS = sorted(path.parent for path in (ROOT / "functions").glob("*/handler.py"))
_IMPORT_EVERYTHING = """
import importlib, pkgutil, smskit
for module in pkgutil.walk_packages(smskit.__path__, "smskit."):
    importlib.import_module(module.name)
import boto3
session = boto3.Session(region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
for service in ("dynamodb", "kms", "sqs", "apigatewaymanagementapi", "stepfunctions", "cognito-idp"):
    session.client(service)
import handler
assert callable(handler.lambda_handler)
"""


@pytest.fixture(scope="session")
def layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both layers in one folder, as Lambda mounts them at /opt."""
    opt = tmp_path_factory.mktemp("opt")
    build_vendor(opt, "host")
    build_sources(ROOT / "layers" / "smskit", opt, "/opt", "host")
    return opt


@pytest.mark.parametrize("function", HANDLERS, ids=lambda path: path.name)
def test_the_layers_hold_all_that_a_function_imports(layers, function):
    """In an interpreter that sees the layers and the function, and no other package of this machine."""
    setup = f"import sys; sys.path[:0] = [{str(function)!r}, {str(layers / 'python')!r}]"

    result = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", setup + _IMPORT_EVERYTHING],
        check=False,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stderr


def test_bytecode_counts_whatever_the_time_stamps_say(layers):
    source = layers / "python" / "pydantic" / "main.py"
    bytecode = Path(importlib.util.cache_from_source(str(source))).read_bytes()

    assert int.from_bytes(bytecode[4:8], "little") == 0b01  # hash-based, and not checked against the source


def test_only_the_services_in_use_are_shipped(layers):
    data = layers / "python" / "botocore" / "data"

    assert {entry.name for entry in data.iterdir() if entry.is_dir()} == {
        "apigatewaymanagementapi", "cognito-idp", "dynamodb", "kms", "sqs", "stepfunctions",
    }  # fmt: skip


def test_the_vendor_layer_is_known_by_its_lock(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.txt"
    lock.write_text("a==1")
    monkeypatch.setattr(build, "VENDOR_LOCK", lock)
    before = vendor_hash("host")

    lock.write_text("a==2")

    assert vendor_hash("host") != before
    assert vendor_hash("lambda") != vendor_hash("host")


def test_a_package_is_known_by_its_sources_alone(tmp_path):
    (tmp_path / "handler.py").write_text("a = 1")
    before = source_hash(tmp_path, "host")

    os.utime(tmp_path / "handler.py", (0, 0))
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "handler.pyc").write_text("x")
    assert source_hash(tmp_path, "host") == before

    (tmp_path / "handler.py").write_text("a = 2")
    assert source_hash(tmp_path, "host") != before


def test_sources_that_cant_be_compiled_are_refused(tmp_path):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "handler.py").write_text("def broken(")

    for target in ("host", "lambda"):
        with pytest.raises(BuildError, match="couldn't be compiled"):
            build_sources(tmp_path / "source", tmp_path / target, "/var/task", target)


def test_a_machine_without_node_is_told(tmp_path, monkeypatch):
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "handler.py").write_text("a = 1")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(BuildError, match="node isn't on the PATH"):
        build_sources(tmp_path / "source", tmp_path / "out", "/var/task", "lambda")


def test_another_compiler_makes_another_package_of_the_same_sources(tmp_path, monkeypatch):
    """Else the CDK would leave bytecode where it is that the next runtime ignores."""
    pins = json.loads(build.PACKAGE_JSON.read_text())
    before = source_hash(HANDLERS[0], "lambda"), vendor_hash("lambda")

    pins["devDependencies"]["pyodide"] += ".1"
    (tmp_path / "package.json").write_text(json.dumps(pins))
    monkeypatch.setattr(build, "PACKAGE_JSON", tmp_path / "package.json")

    after = source_hash(HANDLERS[0], "lambda"), vendor_hash("lambda")
    assert not set(before) & set(after)


def test_the_npm_lock_pins_by_content_and_names_no_host():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]

    for name, entry in packages.items():
        assert "resolved" not in entry, name
        assert not name or entry["integrity"].startswith("sha512-"), name


def test_everything_that_goes_to_lambda_is_compiled_for_its_interpreter(tmp_path):
    """Of another version, or checked against its source's time, bytecode is ignored: cold starts would compile anew."""
    for function in HANDLERS:
        shutil.copytree(function, tmp_path / "functions" / function.name, ignore=shutil.ignore_patterns("__pycache__"))
    build_vendor(tmp_path / "vendor", "lambda")
    build_sources(ROOT / "layers" / "smskit", tmp_path / "smskit", "/opt", "lambda")
    build_sources(tmp_path / "functions", tmp_path / "packages", "/var/task", "lambda")

    for package in ("vendor", "smskit", "packages"):
        sources = list((tmp_path / package).rglob("*.py"))
        for source in sources:
            header = (source.parent / "__pycache__" / f"{source.stem}.cpython-313.pyc").read_bytes()[:16]
            assert int.from_bytes(header[:2], "little") == MAGIC_OF_3_13, source
            assert header[2:4] == b"\r\n"
            assert int.from_bytes(header[4:8], "little") == 0b01, source  # by hash, and not checked
        assert len(sources) == len(list((tmp_path / package).rglob("*.pyc"))) > 0


def test_a_lock_that_cant_be_installed_leaves_nothing_behind(tmp_path, monkeypatch):
    lock = tmp_path / "requirements.txt"
    lock.write_text("smskit-no-such-file @ file:///nowhere.whl --hash=sha256:" + "0" * 64)
    monkeypatch.setattr(build, "VENDOR_LOCK", lock)
    monkeypatch.setattr(build, "CACHE", tmp_path / "cache")

    with pytest.raises(BuildError, match=r"requirements\.txt"):
        build_vendor(tmp_path / "out", "host")

    assert {path.suffix for path in (tmp_path / "cache").iterdir()} == {".lock"}
    assert not (tmp_path / "out").exists()
