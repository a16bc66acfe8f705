"""What every mailer does, and what SES's errors mean."""

from dataclasses import replace
from typing import Any

import pytest
from botocore.stub import Stubber

from chalicelib.adapters.ses_mailer import SesMailer
from chalicelib.referrals.emails import Attachment, Message
from chalicelib.use_cases.ports import Mailer, MailError, MailFailed, MailRejected, MailThrottled
from tests.contract.botocore_model import AwsWouldRefuse
from tests.contract.conftest import FROM, make_client

CALENDAR = Attachment("SUF-BCDF-3479.ics", "text/calendar", "SUMMARY:é\r\n".encode())
MESSAGE = Message(("team@suffolk.example",), "Subject — é", "Text é", "<p>HTML é</p>")


def test_every_accepted_message_has_its_own_id(mailer: Mailer) -> None:
    first = mailer.send(MESSAGE, delivery_id="a" * 32)
    second = mailer.send(MESSAGE, delivery_id="b" * 32)

    assert first
    assert first != second


def test_a_message_with_a_file_is_accepted(mailer: Mailer) -> None:
    assert mailer.send(replace(MESSAGE, attachments=(CALENDAR,)), delivery_id="a" * 32)


def stubbed(configuration_set: str = "casereview-suffolk") -> tuple[SesMailer, Stubber]:
    client = make_client("sesv2", "http://127.0.0.1:9")
    mailer = SesMailer(lambda: client, from_address=FROM, configuration_set=configuration_set)
    return mailer, Stubber(client)


def test_a_message_goes_out_whole_in_utf8_with_its_delivery_id() -> None:
    mailer, ses = stubbed()
    expected: dict[str, Any] = {
        "FromEmailAddress": FROM,
        "Destination": {"ToAddresses": ["team@suffolk.example"]},
        "Content": {
            "Simple": {
                "Subject": {"Data": "Subject — é", "Charset": "UTF-8"},
                "Body": {
                    "Text": {"Data": "Text é", "Charset": "UTF-8"},
                    "Html": {"Data": "<p>HTML é</p>", "Charset": "UTF-8"},
                },
            }
        },
        "EmailTags": [{"Name": "delivery_id", "Value": "a" * 32}],
        "ConfigurationSetName": "casereview-suffolk",
    }
    ses.add_response("send_email", {"MessageId": "m-1"}, expected)

    with ses:
        assert mailer.send(MESSAGE, delivery_id="a" * 32) == "m-1"


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("MessageRejected", 400, MailRejected),
        ("BadRequestException", 400, MailRejected),
        ("TooManyRequestsException", 429, MailThrottled),
        ("LimitExceededException", 400, MailThrottled),
        ("ThrottlingException", 400, MailThrottled),
        ("SendingPausedException", 400, MailFailed),
        ("AccountSuspendedException", 400, MailFailed),
        ("InternalServiceErrorException", 500, MailFailed),
    ],
)
def test_an_error_of_ses_is_the_mailers_error(
    code: str, status: int, error: type[MailError]
) -> None:
    mailer, ses = stubbed()
    ses.add_client_error("send_email", code, "Private text", http_status_code=status)

    with ses, pytest.raises(error) as raised:
        mailer.send(MESSAGE, delivery_id="a" * 32)

    assert type(raised.value) is error
    assert str(raised.value) == code


def test_no_answer_from_ses_is_worth_another_attempt() -> None:
    mailer, _ = stubbed()

    with pytest.raises(MailFailed):
        mailer.send(MESSAGE, delivery_id="a" * 32)


def parameters_of(message: Message, configuration_set: str = "") -> dict[str, Any]:
    """What SES is asked when this is sent, as AWS's model takes it."""
    mailer, ses = stubbed(configuration_set)
    seen: dict[str, Any] = {}
    client = mailer._client()
    ses.add_response("send_email", {"MessageId": "m-1"})

    def note(params: dict[str, Any], **_: Any) -> None:
        seen.update(params)

    client.meta.events.register("provide-client-params.sesv2.SendEmail", note)
    with ses:
        mailer.send(message, delivery_id="a" * 32)
    client.meta.events.unregister("provide-client-params.sesv2.SendEmail", note)
    return seen


def test_a_message_without_configuration_set_names_none() -> None:
    assert "ConfigurationSetName" not in parameters_of(MESSAGE)


def test_a_message_without_files_names_none() -> None:
    assert "Attachments" not in parameters_of(MESSAGE)["Content"]["Simple"]


def test_a_file_goes_out_as_it_is_to_be_kept_not_shown() -> None:
    asked = parameters_of(replace(MESSAGE, attachments=(CALENDAR,)))

    assert asked["Content"]["Simple"]["Attachments"] == [
        {
            "FileName": "SUF-BCDF-3479.ics",
            "ContentType": "text/calendar",
            "ContentDisposition": "ATTACHMENT",
            "ContentTransferEncoding": "BASE64",
            "RawContent": "SUMMARY:é\r\n".encode(),
        }
    ]


def test_the_model_check_knows_what_ses_says_of_files() -> None:
    nameless = replace(CALENDAR, media_type="")

    with pytest.raises(AwsWouldRefuse, match="ContentType"):
        parameters_of(replace(MESSAGE, attachments=(nameless,)))


def test_the_model_check_refuses_what_ses_would_refuse() -> None:
    client = make_client("sesv2", "http://127.0.0.1:9")

    with pytest.raises(AwsWouldRefuse, match="BehaviorOnMxFailure"):
        client.put_email_identity_mail_from_attributes(
            EmailIdentity=FROM, BehaviorOnMxFailure="NONSENSE"
        )
