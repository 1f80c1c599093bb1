"""The tables, their encryption key, and who may do what with them."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.config.environments import EnvironmentConfig
from infra.config.table_specs import TABLES, TTL_ATTRIBUTE, ScalarType, TableSpec

_STREAM_ACTIONS = {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
_READ_ACTIONS = {"GetItem", "Query", "BatchGetItem"} | _STREAM_ACTIONS
_ATTRIBUTE_TYPES = {"S": dynamodb.AttributeType.STRING, "N": dynamodb.AttributeType.NUMBER}


class Tables(Construct):
    """Every table of ``table_specs`` under one customer managed key."""

    def __init__(self, scope: Construct, construct_id: str, *, config: EnvironmentConfig) -> None:
        super().__init__(scope, construct_id)
        self._removal = RemovalPolicy.RETAIN if config.keep_data else RemovalPolicy.DESTROY
        self._protected = config.keep_data
        self._is_emulator = config.endpoint is not None
        self.key = kms.Key(
            self,
            "Key",
            alias=f"alias/smskit-{config.name}",
            description=f"Encrypts the tables of SMSKit {config.name}",
            enable_key_rotation=True,
            pending_window=Duration.days(30),
            removal_policy=self._removal,
        )
        self._tables = {spec.name: self._create(spec) for spec in TABLES}

    def __getitem__(self, spec: TableSpec) -> dynamodb.Table:
        return self._tables[spec.name]

    def grant(self, grantee: iam.IGrantable, spec: TableSpec, *operations: str) -> None:
        """Allow DynamoDB operations such as ``GetItem`` on the table itself, but not on its indexes."""
        self._allow(grantee, operations, [self[spec].table_arn])

    def grant_index(self, grantee: iam.IGrantable, spec: TableSpec, index: str, *operations: str) -> None:
        """Allow operations on one index of the table."""
        self._allow(grantee, operations, [f"{self[spec].table_arn}/index/{index}"])

    def grant_stream(self, grantee: iam.IGrantable, spec: TableSpec) -> None:
        """Allow reading the table's stream, as an event source does in its function's name."""
        stream = self[spec].table_stream_arn
        assert stream is not None  # noqa: S101
        self._allow(grantee, ("DescribeStream", "GetRecords", "GetShardIterator"), [stream])
        self._allow(grantee, ("ListStreams",), [f"{self[spec].table_arn}/stream/*"])

    def grant_seal(self, grantee: iam.IGrantable) -> None:
        """Allow sealing the signing secrets of webhooks, and not opening them."""
        self._allow_secrets(grantee, "kms:Encrypt")

    def grant_open(self, grantee: iam.IGrantable) -> None:
        """Allow opening the signing secrets of webhooks."""
        self._allow_secrets(grantee, "kms:Decrypt")

    def _allow_secrets(self, grantee: iam.IGrantable, action: str) -> None:
        """Used directly, the key works for these secrets alone; the emulator knows no such condition."""
        bound = {"StringEquals": {"kms:EncryptionContext:purpose": "webhook-secret"}}
        iam.Grant.add_to_principal(
            grantee=grantee, actions=[action], resource_arns=[self.key.key_arn],
            conditions=None if self._is_emulator else bound,
        )  # fmt: skip

    def _allow(self, grantee: iam.IGrantable, operations: tuple[str, ...], arns: list[str]) -> None:
        actions = [f"dynamodb:{operation}" for operation in operations]
        iam.Grant.add_to_principal(grantee=grantee, actions=actions, resource_arns=arns)
        self._allow_key(grantee, writes=not _READ_ACTIONS.issuperset(operations))

    def _allow_key(self, grantee: iam.IGrantable, *, writes: bool) -> None:
        """DynamoDB uses the key in its caller's name: the caller needs it too, but only by way of DynamoDB."""
        via = f"dynamodb.{Stack.of(self).region}.amazonaws.com"
        iam.Grant.add_to_principal(
            grantee=grantee,
            actions=["kms:Decrypt", "kms:DescribeKey", *(["kms:Encrypt", "kms:GenerateDataKey"] if writes else [])],
            resource_arns=[self.key.key_arn],
            conditions={"StringEquals": {"kms:ViaService": via}},
        )

    def _create(self, spec: TableSpec) -> dynamodb.Table:
        table = dynamodb.Table(
            self,
            spec.name.capitalize(),
            partition_key=_attribute("pk", "S"),
            sort_key=_attribute("sk", "S") if spec.has_sort_key else None,
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=self.key,
            stream=dynamodb.StreamViewType.NEW_AND_OLD_IMAGES if spec.stream else None,
            time_to_live_attribute=TTL_ATTRIBUTE if spec.ttl else None,
            removal_policy=self._removal,
            deletion_protection=self._protected,
        )
        for index in spec.indexes:
            table.add_global_secondary_index(
                index_name=index.name,
                partition_key=_attribute(index.pk, "S"),
                sort_key=_attribute(index.sk, index.sk_type),
                projection_type=dynamodb.ProjectionType[index.projection],
            )
        return table


def _attribute(name: str, kind: ScalarType) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=_ATTRIBUTE_TYPES[kind])
