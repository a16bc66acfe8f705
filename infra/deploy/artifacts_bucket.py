"""The account's bucket for what is deployed: one for each region, shared by its instances."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from chalicelib.adapters.aws import aws_errors, error_code
from infra.deploy.artifact import Artifact

MOST_INLINE = 51_200  # bytes of a template that a request can carry
_MISSING = frozenset({"404", "NoSuchBucket", "NoSuchBucketPolicy", "NoSuchKey", "NotFound"})


def bucket_name(account: str, region: str) -> str:
    """Names are of the whole world: the account's number makes it ours."""
    return f"casereview-artifacts-{account}-{region}"


def upload(s3: Any, account: str, artifact: Artifact) -> str:
    """Puts the zip there unless it is there. Gives the bucket's name."""
    bucket = bucket_name(account, s3.meta.region_name)
    _make_ready(s3, account, bucket)
    if not _is_there(lambda: s3.head_object(Bucket=bucket, Key=artifact.key)):
        with artifact.code.open("rb") as body:
            s3.put_object(
                Bucket=bucket,
                Key=artifact.key,
                Body=body,
                ContentType="application/zip",
                ChecksumAlgorithm="SHA256",
                ExpectedBucketOwner=account,
            )
    return bucket


def template_argument(
    s3: Any, account: str, bucket: str, artifact: Artifact, body: str
) -> dict[str, str]:
    """The template as a request of CloudFormation names it: itself, or where it lies."""
    if len(body.encode()) <= MOST_INLINE:
        return {"TemplateBody": body}
    key = f"template/{artifact.digest}.json"
    s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=body.encode(),
        ContentType="application/json",
        ExpectedBucketOwner=account,
    )
    return {"TemplateURL": f"{s3.meta.endpoint_url}/{bucket}/{key}"}


def _make_ready(s3: Any, account: str, bucket: str) -> None:
    """Made if it is missing. The policy comes last: a bucket that has it has all the rest."""
    owned = {"Bucket": bucket, "ExpectedBucketOwner": account}
    if not _is_there(lambda: s3.head_bucket(**owned)):
        s3.create_bucket(Bucket=bucket, **_place(s3.meta.region_name))
    elif _is_there(lambda: s3.get_bucket_policy(**owned)):
        return
    s3.put_public_access_block(**owned, PublicAccessBlockConfiguration=_CLOSED)
    s3.put_bucket_versioning(**owned, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_encryption(**owned, ServerSideEncryptionConfiguration=_ENCRYPTED)
    s3.put_bucket_policy(**owned, Policy=json.dumps(_tls_only(bucket)))


def _is_there(look: Callable[[], Any]) -> bool:
    try:
        look()
    except aws_errors() as error:
        if error_code(error) not in _MISSING:
            raise
        return False
    return True


def _place(region: str) -> dict[str, Any]:
    if region == "us-east-1":  # the one region that must not be named
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": region}}


def _tls_only(bucket: str) -> dict[str, Any]:
    refused = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [refused]}


_CLOSED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_ENCRYPTED = {
    "Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}
    ]
}
