"""Email by Amazon SES version 2."""

from collections.abc import Callable
from typing import Any

from chalicelib.adapters.aws import aws_errors, error_code, is_throttled
from chalicelib.referrals.emails import Attachment, Message
from chalicelib.use_cases.ports import MailFailed, MailRejected, MailThrottled

# SES answers with these when it will not take the message as it is: a person must look. Every other
# failure (throttled, sending paused, a fault of the service, no answer) is worth another attempt.
_PERMANENT = frozenset({"BadRequestException", "InvalidParameterValue", "MessageRejected"})


class SesMailer:
    """Sends one message a call, tagged with the delivery's id so that SES's events name it."""

    def __init__(
        self, client: Callable[[], Any], *, from_address: str, configuration_set: str
    ) -> None:
        self._client = client
        self._from_address = from_address
        self._configuration_set = configuration_set

    def send(self, message: Message, *, delivery_id: str) -> str:
        content: dict[str, Any] = {
            "Subject": _utf8(message.subject),
            "Body": {"Text": _utf8(message.text), "Html": _utf8(message.html)},
        }
        if message.attachments:
            content["Attachments"] = [_attached(file) for file in message.attachments]
        parameters: dict[str, Any] = {
            "FromEmailAddress": self._from_address,
            "Destination": {"ToAddresses": list(message.to)},
            "Content": {"Simple": content},
            "EmailTags": [{"Name": "delivery_id", "Value": delivery_id}],
        }
        if self._configuration_set:
            parameters["ConfigurationSetName"] = self._configuration_set
        try:
            answer = self._client().send_email(**parameters)
        except aws_errors() as error:
            raise _translated(error) from error
        return str(answer["MessageId"])


def _utf8(text: str) -> dict[str, str]:
    return {"Data": text, "Charset": "UTF-8"}


def _attached(file: Attachment) -> dict[str, Any]:
    return {
        "FileName": file.name,
        "ContentType": file.media_type,
        "ContentDisposition": "ATTACHMENT",
        # How SES writes it into the email; its default, 7-bit, would not carry UTF-8.
        "ContentTransferEncoding": "BASE64",
        "RawContent": file.content,
    }


def _translated(error: Exception) -> Exception:
    code = error_code(error)
    if code in _PERMANENT:
        return MailRejected(code)
    return MailThrottled(code) if is_throttled(error) else MailFailed(code)
