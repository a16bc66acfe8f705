"""What the emulator drops of the mail that it takes, the attachments: kept, and listed with it.

SES's own shape is kept (FileName, ContentType, RawContent in base64), beside the message in the
emulator's list. Nothing of SES is answered here.
"""

from __future__ import annotations

import json
from typing import Any

_SEND = "/outbound-emails"


def keep_attachments() -> None:
    """Listens at two functions of the emulator, before it starts; a test says if they have gone."""
    from ministack import app
    from ministack.services import ses_v2

    kept: dict[str, list[dict[str, Any]]] = {}
    send, listing = ses_v2.handle_request, app._handle_ses_messages_request

    async def sending(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
        answer = await send(method, path, headers, body, query)
        if method == "POST" and path.rstrip("/").endswith(_SEND) and answer[0] == 200:
            simple = json.loads(body)["Content"].get("Simple", {})
            kept[json.loads(answer[2])["MessageId"]] = simple.get("Attachments", [])
        return answer

    async def listed(method: str, path: str, headers: Any, query: Any) -> Any:
        answer = await listing(method, path, headers, query)
        if answer is None or answer[0] != 200:
            return answer
        status, told, content = answer
        document = json.loads(content)
        for messages in document["messages"].values():
            for message in messages:
                message["Attachments"] = kept.get(message["MessageId"], [])
        return status, told, json.dumps(document).encode()

    ses_v2.handle_request = sending
    app._handle_ses_messages_request = listed
