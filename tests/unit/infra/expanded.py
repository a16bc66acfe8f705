"""The template as CloudFormation gets it: SAM's own resources written out, as its macro does."""

from __future__ import annotations

import copy
import os
from typing import Any
from unittest import mock

# What an instance must give: the rest has defaults.
PARAMETERS = {
    "Partnership": "anywhere",
    "Environment": "prod",
    "PublicUrl": "https://notify.example",
    "MailFrom": "notify@example.org",
    "MailIdentity": "example.org",
}
CODE = {"Bucket": "artifacts-of-an-account", "Key": "deployment.zip"}


def expanded(template: dict[str, Any]) -> dict[str, Any]:
    """Raises what SAM raises of a template that its macro would refuse."""
    from samtranslator.translator.transform import transform

    given = copy.deepcopy(template)
    for resource in given["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = CODE
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": "eu-west-2"}):
        found: dict[str, Any] = transform(given, PARAMETERS, _NoManagedPolicies())
    return found


class _NoManagedPolicies:
    """We name none, so none is looked up."""

    def load(self) -> dict[str, str]:
        return {}
