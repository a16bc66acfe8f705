"""The settings of one running instance: the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What the environment says. Empty text means not set; mailboxes override the file's.

    While `suspended`, referrals are taken and nothing is sent: for the time after a restore.
    `expects_feedback` says that the mail service tells what became of each email. Without
    `oidc_issuer` nobody can sign in; `oidc_discovery_url` says where its document is, if not there.
    """

    partnership: str = "suffolk"
    environment: str = "local"
    table_name: str = "casereview"
    schedule_group: str = "default"
    schedule_role_arn: str = ""
    remind_function_arn: str = ""
    reminder_dlq_arn: str = ""
    configuration_set: str = ""
    suspended: bool = False
    expects_feedback: bool = False
    metrics_namespace: str = "CaseReview"
    mail_from: str = ""
    team_mailbox_adult: str = ""
    team_mailbox_child: str = ""
    public_url: str = "http://localhost:8000"
    staff_url: str = "http://localhost:8000/staff"
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_groups_claim: str = "cognito:groups"
    oidc_discovery_url: str = ""
    staff_idle_minutes: int = 30
    staff_session_hours: int = 10
    forms_dir: Path = Path(__file__).resolve().parent.parent / "forms"

    def team_mailbox(self, stream: str) -> tuple[str, ...]:
        """The mailboxes set for a stream (separated by commas), or none."""
        value = {"adult": self.team_mailbox_adult, "child": self.team_mailbox_child}[stream]
        return tuple(address.strip() for address in value.split(",") if address.strip())


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment, or from a mapping in a test."""
    env = os.environ if environ is None else environ
    public_url = (env.get("PUBLIC_URL") or Settings.public_url).rstrip("/")
    return Settings(
        partnership=env.get("PARTNERSHIP") or Settings.partnership,
        environment=env.get("ENVIRONMENT") or Settings.environment,
        table_name=env.get("TABLE_NAME") or Settings.table_name,
        schedule_group=env.get("SCHEDULE_GROUP") or Settings.schedule_group,
        schedule_role_arn=env.get("SCHEDULE_ROLE_ARN", ""),
        remind_function_arn=env.get("REMIND_FUNCTION_ARN", ""),
        reminder_dlq_arn=env.get("REMINDER_DLQ_ARN", ""),
        configuration_set=env.get("CONFIGURATION_SET", ""),
        suspended=env.get("SENDING") == "suspended",
        expects_feedback=env.get("MAIL_FEEDBACK") == "true",
        metrics_namespace=env.get("METRICS_NAMESPACE") or Settings.metrics_namespace,
        mail_from=env.get("MAIL_FROM", ""),
        team_mailbox_adult=env.get("TEAM_MAILBOX_ADULT", ""),
        team_mailbox_child=env.get("TEAM_MAILBOX_CHILD", ""),
        public_url=public_url,
        oidc_issuer=env.get("OIDC_ISSUER", ""),
        oidc_client_id=env.get("OIDC_CLIENT_ID", ""),
        oidc_groups_claim=env.get("OIDC_GROUPS_CLAIM") or Settings.oidc_groups_claim,
        oidc_discovery_url=env.get("OIDC_DISCOVERY_URL", ""),
        staff_idle_minutes=int(env.get("STAFF_IDLE_MINUTES") or Settings.staff_idle_minutes),
        staff_session_hours=int(env.get("STAFF_SESSION_HOURS") or Settings.staff_session_hours),
        staff_url=(env.get("STAFF_URL") or f"{public_url}/staff").rstrip("/"),
        forms_dir=Path(env["FORMS_DIR"]) if env.get("FORMS_DIR") else Settings.forms_dir,
    )
