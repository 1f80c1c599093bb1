"""Turns the built layers and function folders into CDK assets."""

from pathlib import Path
from typing import Any

import jsii
from aws_cdk import AssetHashType, BundlingOptions, DockerImage, ILocalBundling
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.config.environments import WheelTarget
from infra.packaging.build import ROOT, build_sources, build_vendor, source_hash, vendor_hash

LAMBDA_RUNTIME = lambda_.Runtime.PYTHON_3_13


class Layers(Construct):
    """``smskit``, our shared code, and ``vendor``, the locked third-party wheels."""

    def __init__(self, scope: Construct, construct_id: str, *, wheels: WheelTarget) -> None:
        super().__init__(scope, construct_id)
        source = ROOT / "layers" / "smskit"
        smskit = _code(source, source_hash(source, wheels), _Sources(source, "/opt", wheels))
        vendor = _code(ROOT / "layers" / "vendor", vendor_hash(wheels), _VendorWheels(wheels))
        self.all: tuple[lambda_.ILayerVersion, ...] = (
            self._layer("Smskit", smskit, "SMSKit's shared code"),
            self._layer("Vendor", vendor, "Third-party packages"),
        )

    def _layer(self, construct_id: str, code: lambda_.Code, description: str) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            construct_id,
            code=code,
            description=description,
            compatible_runtimes=[LAMBDA_RUNTIME],
            compatible_architectures=[lambda_.Architecture.ARM_64],
        )


def function_code(name: str, wheels: WheelTarget) -> lambda_.Code:
    """The package of the function in ``functions/<name>``."""
    source = ROOT / "functions" / name
    return _code(source, source_hash(source, wheels), _Sources(source, "/var/task", wheels))


def _code(source: Path, asset_hash: str, local: ILocalBundling) -> lambda_.Code:
    """An asset known by our own hash: the CDK's would cover files that don't matter and miss some that do."""
    return lambda_.Code.from_asset(
        str(source),
        asset_hash=asset_hash,
        asset_hash_type=AssetHashType.CUSTOM,
        # Never pulled, since the local bundling below either works or raises.
        bundling=BundlingOptions(image=DockerImage.from_registry("unused"), local=local),
    )


@jsii.implements(ILocalBundling)
class _VendorWheels:
    def __init__(self, wheels: WheelTarget) -> None:
        self._wheels = wheels

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        build_vendor(Path(output_dir), self._wheels)
        return True


@jsii.implements(ILocalBundling)
class _Sources:
    def __init__(self, source: Path, installed_at: str, wheels: WheelTarget) -> None:
        self._source = source
        self._installed_at = installed_at
        self._wheels = wheels

    def try_bundle(self, output_dir: str, *_: Any, **__: Any) -> bool:
        build_sources(self._source, Path(output_dir), self._installed_at, self._wheels)
        return True
