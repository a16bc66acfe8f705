"""What is read of a request, and what is refused with a name."""

from __future__ import annotations

import pytest

from chalicelib.web.headers import secured
from chalicelib.web.http import (
    MAX_BODY,
    MAX_FIELDS,
    Refused,
    Request,
    html,
    posted_fields,
    read_cookies,
)
from chalicelib.web.lambda_event import read_event

PUBLIC = "https://reviews.example"


def post(body: bytes, content_type: str = "application/x-www-form-urlencoded") -> Request:
    return Request(method="POST", path="/", headers={"content-type": content_type}, body=body)


def test_every_value_of_a_repeated_field_is_kept_in_order() -> None:
    assert posted_fields(post(b"a=1&b=&a=2")) == {"a": ["1", "2"], "b": [""]}


@pytest.mark.parametrize(
    ("body", "content_type", "status", "reason"),
    [
        (b"{}", "application/json", 415, "not_a_form"),
        (b"a=1", "multipart/form-data; boundary=x", 415, "not_a_form"),
        (b"a=%ff%fe", "application/x-www-form-urlencoded", 400, "not_utf8"),
        (b"a=\xff\xfe", "application/x-www-form-urlencoded", 400, "not_utf8"),
        (b"a=" + b"x" * MAX_BODY, "application/x-www-form-urlencoded", 413, "too_large"),
        (b"a=1&" * (MAX_FIELDS + 1), "application/x-www-form-urlencoded", 413, "too_many_fields"),
    ],
)
def test_a_body_that_no_page_of_ours_sends_is_refused_by_name(
    body: bytes, content_type: str, status: int, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        posted_fields(post(body, content_type))

    assert (refused.value.status, refused.value.reason) == (status, reason)


def test_one_megabyte_in_one_field_is_read_so_that_it_can_be_shown_again() -> None:
    fields = posted_fields(post(b"summary=" + b"x" * 1024 * 1024))

    assert len(fields["summary"][0]) == 1024 * 1024


@pytest.mark.parametrize(
    "foreign", ['consent={"a":"b"}', "===", "a=b c", "_x[1]=b", 'x="un', "é=1"]
)
def test_a_malformed_cookie_of_another_service_hides_none_of_ours(foreign: str) -> None:
    assert read_cookies(f"{foreign}; draft-adult=xyz")["draft-adult"] == "xyz"
    assert read_cookies(f"draft-adult=xyz; {foreign}")["draft-adult"] == "xyz"


def test_a_header_that_a_person_could_split_is_never_sent() -> None:
    response = html("").with_headers({"Location": "/a\r\nSet-Cookie: x=1"})

    with pytest.raises(ValueError, match="control character"):
        secured(Request("GET", "/"), response)


def test_every_page_is_kept_out_of_caches_frames_and_search_engines() -> None:
    headers = secured(Request("GET", "/"), html("")).headers

    assert headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "noindex" in headers["X-Robots-Tag"]


def test_links_begin_with_the_stage_where_there_is_no_domain_of_our_own() -> None:
    event = {
        "path": "/adult/who-you-are",
        "headers": None,
        "requestContext": {"httpMethod": "GET", "path": "/live/adult/who-you-are"},
        "body": None,
    }

    assert read_event(event, "").base_url == "/live"
    assert read_event(event, PUBLIC).base_url == ""


def test_links_of_the_home_page_begin_with_the_stage_too() -> None:
    event = {"path": "/", "requestContext": {"httpMethod": "GET", "path": "/live/"}}

    assert read_event(event, "").base_url == "/live"


def test_a_body_in_base64_is_read_as_its_bytes() -> None:
    event = {
        "path": "/",
        "requestContext": {"httpMethod": "POST"},
        "body": "YT0x",
        "isBase64Encoded": True,
    }

    assert read_event(event, PUBLIC).body == b"a=1"


def test_a_body_that_is_not_base64_after_all_is_empty() -> None:
    event = {
        "path": "/",
        "requestContext": {"httpMethod": "POST"},
        "body": "%%%",
        "isBase64Encoded": True,
    }

    assert read_event(event, PUBLIC).body == b""
