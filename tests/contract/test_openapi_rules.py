"""What the two documents say of how texts are written and of what leads where, held against the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from smskit.accounts.api.people_views import Email
from smskit.errors import InvalidUrlError
from smskit.platform.http import patterns
from smskit.platform.http.query_values import moment_ms, moment_text
from smskit.webhooks.gateways import target_url

DOCS = Path(__file__).parents[2] / "docs"
DOCUMENTS = {name: json.loads((DOCS / name).read_text()) for name in ("openapi.json", "console-openapi.json")}
# What no pattern can say, and is said by the URL's description: that it leads to a public host.
_PUBLIC = ("must point to a public address", "must name a host of the public DNS", "valid IPv6 address", "at most 253")
EXAMPLES: list[tuple[str, list[str], list[str]]] = [
    (patterns.NUMBER,
     ["+254712345678", "0712 345 678", "254-712-345-678", "+1 (202) 555-0123", "712345678"],
     ["", "abc", "+", "00254712345678", "221", "+0712345678", "+1234567890123456", "0712345678x", "0712345678\n"]),
    (patterns.CORRESPONDENT, ["00254712345678", "+254202345678"], ["MPESA", "221"]),
    (patterns.MOMENT,
     ["2026-06-23T10:00:00Z", "2026-06-23T10:00:00.123+03:00", "1970-01-01T00:00:00Z", "9998-12-31T23:59:59Z"],
     ["1810-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "2026-06-23", "2026-06-23T10:00:00", "2026-06-23T24:00:00Z"]),
    (patterns.EMAIL,
     ["amina@example.com", "a.b+c@x-y.example.co.ke"],
     ["@x.ke", "a@b", "a..b@c.de", "a@-b.de", "a@b.c d"]),
    (patterns.URL,
     ["https://example.com", "https://example.com:8443/a?b=c", "https://8.8.8.8/x", "https://[2001:db8::1]/"],
     ["http://example.com", "https://example.com:80", "https://u@example.com", "https://example.com/#a", "https://a"]),
    (patterns.CURSOR, ["MS45ZjNhYzE3Ny4x"], ["", "a b", "%00"]),
    (patterns.NOT_BLANK, ["x", " x "], ["", " \n\t", "\u2003", "\x1c\x85"]),
    (patterns.WITH_VARIABLES,
     ["Hi", " \n{name}", "{{", "}}", "a {b} {{c}} ", "\x85x\x1c", "{_x1}", "{" + "n" * 64 + "}"],
     ["", " \x1c\x85\n", "{", "}", "a {b", "b} a", "{1a}", "{a b}", "{{{", "Hi {}", "{" + "n" * 65 + "}"]),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "good", "bad"), EXAMPLES)
def test_a_pattern_tells_good_from_bad(pattern: str, good: list[str], bad: list[str]) -> None:
    assert all(re.search(pattern, text) for text in good)
    assert not any(re.search(re.sub(r"\$$", r"\\Z", pattern), text) for text in bad)


@settings(deadline=None)
@given(st.from_regex(patterns.MOMENT, fullmatch=True))
def test_a_time_that_the_document_allows_is_taken(text: str) -> None:
    month, day = int(text[5:7]), int(text[8:10])
    if 1 <= month <= 12 and 1 <= day <= 28:
        assert moment_text(text) == text
        assert 0 <= moment_ms(text) < 253_370_764_800_000


@settings(deadline=None)
@given(st.emails() | st.from_regex(patterns.EMAIL.replace("(?=[^@]{1,64}@)", ""), fullmatch=True))
def test_an_address_that_the_document_allows_is_taken(text: str) -> None:
    if len(text) <= 128 and re.search(patterns.EMAIL, text):
        TypeAdapter(Email).validate_python(text)


@settings(deadline=None)
@given(st.from_regex(patterns.URL, fullmatch=True))
def test_a_url_that_the_document_allows_is_taken_but_for_where_it_leads(text: str) -> None:
    try:
        target_url.parse(text, local=False)
    except InvalidUrlError as refused:
        assert len(text) > target_url.MAX_URL_LENGTH or any(rule in refused.detail for rule in _PUBLIC), refused.detail


@given(st.text())
def test_what_is_blank_to_us_is_blank_to_the_document(text: str) -> None:
    if not text.strip():
        assert not re.search(patterns.NOT_BLANK, text)


def test_an_address_longer_than_the_pool_takes_is_refused() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Email).validate_python("a@" + "b" * 61 + "." + "c" * 63 + ".example")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_linters_have_nothing_to_say(name: str) -> None:
    """What `redocly lint` and `spectral lint` found missing once; docs/api.md says how to run them."""
    document = DOCUMENTS[name]
    assert set(document["info"]["contact"]) == {"name", "url"} and document["info"]["license"]["identifier"]
    tags = {tag["name"] for tag in document["tags"]}
    names = [operation["operationId"] for operation in operations(document)]
    assert len(set(names)) == len(names)
    for operation in operations(document):
        assert "security" in operation, operation["operationId"]
        assert set(operation["tags"]) <= tags and operation["summary"] and operation["description"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_page_links_to_the_next_one(name: str) -> None:
    document = DOCUMENTS[name]
    schemas = document["components"]["schemas"]
    pages = {key for key, schema in schemas.items() if "cursor" in schema.get("properties", {})}
    assert pages
    for operation in operations(document):
        answer = operation["responses"].get("200", {})
        shown = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        is_page = shown.rpartition("/")[2] in pages
        assert ("nextPage" in answer.get("links", {})) is is_page, operation["operationId"]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_page_names_what_it_holds(name: str) -> None:
    schemas = DOCUMENTS[name]["components"]["schemas"]
    pages = {key: schema["properties"] for key, schema in schemas.items() if "cursor" in schema.get("properties", {})}
    for key, fields in pages.items():
        (held,) = [field for field, schema in fields.items() if schema.get("type") == "array"]
        assert held != "items" and {"cursor", "hasMore"} < set(fields), key


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_an_operation_that_takes_it(name: str) -> None:
    document = DOCUMENTS[name]
    known = {operation["operationId"]: operation for operation in operations(document)}
    found = 0
    for operation in known.values():
        for code, answer in operation["responses"].items():
            for link in answer.get("links", {}).values():
                found += 1
                taken = {parameter["name"] for parameter in known[link["operationId"]].get("parameters", ())}
                assert set(link["parameters"]) <= taken, (operation["operationId"], code, link)
                for value in link["parameters"].values():
                    assert is_there(document, operation, answer, value), (operation["operationId"], value)
    assert found > 10


def operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for item in document["paths"].values() for operation in item.values()]


def is_there(document: dict[str, Any], operation: dict[str, Any], answer: dict[str, Any], expression: str) -> bool:
    """Whether a runtime expression names a field of the answer, or a parameter of the request."""
    if expression.startswith("$request.path."):
        return expression.rpartition(".")[2] in {parameter["name"] for parameter in operation["parameters"]}
    reference = answer["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return expression.rpartition("/")[2] in document["components"]["schemas"][reference]["properties"]
