"""Wire the adapters to the use cases. Nothing of AWS is imported until a use case needs it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.adapters.clock import SystemClock
from chalicelib.referrals.partnership import Partnership, load_partnership
from chalicelib.settings import Settings
from chalicelib.use_cases import ports

if TYPE_CHECKING:
    from chalicelib.forms.definition import Form
    from chalicelib.use_cases import case_port, disposal_port, sign_in_ports

# Pages of ours that the identity provider sends browsers back to.
SIGNED_IN = "/staff/signed-in"
SIGNED_OUT = "/staff/signed-out"


@dataclass(frozen=True)
class Services:
    """What every use case is given as `deps`."""

    settings: Settings
    partnership: Partnership
    forms: Mapping[str, "Form"]
    drafts: ports.DraftStore
    archive: ports.FormArchive
    referrals: ports.ReferralStore
    cases: "case_port.CaseStore"
    disposals: "disposal_port.Disposals"
    audit: ports.AuditTrail
    outbox: ports.Outbox
    mailboxes: ports.Mailboxes
    mailer: ports.Mailer
    schedules: ports.ReminderSchedules
    clock: ports.Clock
    sessions: "sign_in_ports.Sessions"
    sign_ins: "sign_in_ports.SignIns"
    identity: "sign_in_ports.IdentityProvider | None"


class LazyForms(Mapping[str, "Form"]):
    """The partnership's forms, each loaded when first asked for.

    Raises `DefinitionError` then: an event function that needs no form compiles none.
    """

    def __init__(self, forms_dir: Path, partnership: Partnership) -> None:
        self._forms_dir = forms_dir
        self._partnership = partnership
        self._loaded: dict[str, Form] = {}

    def __getitem__(self, name: str) -> "Form":
        if name not in self._partnership.forms:
            raise KeyError(name)
        if name not in self._loaded:
            from chalicelib.forms.load import load_form

            self._loaded[name] = load_form(self._forms_dir, name, self._partnership.id)
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._partnership.forms

    def __iter__(self) -> Iterator[str]:
        return iter(self._partnership.forms)

    def __len__(self) -> int:
        return len(self._partnership.forms)


def services(settings: Settings) -> Services:
    """The services of a deployed instance. Raises `PartnershipError`."""
    from chalicelib.adapters.aws import MAIL_TIMEOUT, LazyClient
    from chalicelib.adapters.dynamodb_archive import DynamoArchive
    from chalicelib.adapters.dynamodb_audit import DynamoAudit
    from chalicelib.adapters.dynamodb_cases import DynamoCases
    from chalicelib.adapters.dynamodb_disposals import DynamoDisposals
    from chalicelib.adapters.dynamodb_drafts import DynamoDrafts
    from chalicelib.adapters.dynamodb_mailboxes import DynamoMailboxes
    from chalicelib.adapters.dynamodb_outbox import DynamoOutbox
    from chalicelib.adapters.dynamodb_referrals import DynamoReferrals
    from chalicelib.adapters.dynamodb_sessions import DynamoSessions, DynamoSignIns
    from chalicelib.adapters.dynamodb_table import DynamoTable
    from chalicelib.adapters.eventbridge_schedules import EventBridgeSchedules, ScheduleTarget
    from chalicelib.adapters.ses_mailer import SesMailer

    partnership = load_partnership(settings.forms_dir, settings.partnership)
    table = DynamoTable(LazyClient("dynamodb"), settings.table_name)
    target = ScheduleTarget(
        group=settings.schedule_group,
        function_arn=settings.remind_function_arn,
        role_arn=settings.schedule_role_arn,
        dead_letter_arn=settings.reminder_dlq_arn,
    )
    return Services(
        settings=settings,
        partnership=partnership,
        forms=LazyForms(settings.forms_dir, partnership),
        drafts=DynamoDrafts(table),
        archive=DynamoArchive(table),
        referrals=DynamoReferrals(table),
        cases=DynamoCases(table),
        disposals=DynamoDisposals(table),
        audit=DynamoAudit(table),
        outbox=DynamoOutbox(table),
        mailboxes=DynamoMailboxes(table),
        mailer=SesMailer(
            LazyClient("sesv2", attempts=1, read_timeout=MAIL_TIMEOUT),
            from_address=settings.mail_from or partnership.mail.from_address,
            configuration_set=settings.configuration_set,
        ),
        schedules=EventBridgeSchedules(LazyClient("scheduler"), target),
        clock=SystemClock(),
        sessions=DynamoSessions(table),
        sign_ins=DynamoSignIns(table),
        identity=identity_provider(settings),
    )


def identity_provider(settings: Settings) -> "sign_in_ports.IdentityProvider | None":
    """Where staff sign in, or None when the settings name no provider."""
    from chalicelib.adapters.oidc import OidcClient, OidcProvider

    if not settings.oidc_issuer or not settings.oidc_client_id:
        return None
    return OidcProvider(
        OidcClient(
            issuer=settings.oidc_issuer,
            client_id=settings.oidc_client_id,
            groups_claim=settings.oidc_groups_claim,
            redirect_uri=f"{settings.public_url}{SIGNED_IN}",
            signed_out_uri=f"{settings.public_url}{SIGNED_OUT}",
            discovery_url=settings.oidc_discovery_url,
        )
    )


def in_memory_services(settings: Settings, clock: ports.Clock | None = None) -> Services:
    """The same services with nothing outside this process, for tests and the preview."""
    from chalicelib.adapters import in_memory
    from chalicelib.adapters.in_memory_audit import InMemoryAudit
    from chalicelib.adapters.in_memory_cases import InMemoryCases
    from chalicelib.adapters.in_memory_delivery import InMemoryMailer, InMemorySchedules
    from chalicelib.adapters.in_memory_disposals import InMemoryDisposals
    from chalicelib.adapters.in_memory_identity import InMemoryIdentity
    from chalicelib.adapters.in_memory_mailboxes import InMemoryMailboxes
    from chalicelib.adapters.in_memory_outbox import InMemoryOutbox
    from chalicelib.adapters.in_memory_sessions import InMemorySessions, InMemorySignIns

    partnership = load_partnership(settings.forms_dir, settings.partnership)
    table = in_memory.Table()
    return Services(
        settings=settings,
        partnership=partnership,
        forms=LazyForms(settings.forms_dir, partnership),
        drafts=in_memory.InMemoryDrafts(table),
        archive=in_memory.InMemoryArchive(table),
        referrals=in_memory.InMemoryReferrals(table),
        cases=InMemoryCases(table),
        disposals=InMemoryDisposals(table),
        audit=InMemoryAudit(table),
        outbox=InMemoryOutbox(table),
        mailboxes=InMemoryMailboxes(table),
        mailer=InMemoryMailer(),
        schedules=InMemorySchedules(),
        clock=clock or SystemClock(),
        sessions=InMemorySessions(table),
        sign_ins=InMemorySignIns(table),
        identity=InMemoryIdentity(
            f"{settings.public_url}{SIGNED_IN}", f"{settings.public_url}{SIGNED_OUT}"
        ),
    )
