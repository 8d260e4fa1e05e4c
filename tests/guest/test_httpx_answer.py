"""Answers of httpx and httpx2 share what is the same for all of them, and nothing else."""

from types import SimpleNamespace
from typing import Any

import httpx
import httpx2
import pytest

from pytest_paymock import Paymock
from pytest_paymock._api.http import Response
from pytest_paymock._intercept.httpx_request import parts_of
from pytest_paymock._intercept.httpx_response import Answers
from pytest_paymock._intercept.registry import LIBRARIES

each_library = pytest.mark.parametrize("http", [httpx, httpx2], ids=lambda http: http.__name__)


@each_library
def test_what_is_done_to_one_answer_does_not_reach_the_next(http: Any):
    with Paymock() as paymock, http.Client(base_url=paymock.base_url) as client:
        first = client.get("/api/v1/tokens/tok_1")
        headers = list(first.headers.raw)
        first.headers["x-mine"] = "1"
        first.headers.encoding = "utf-16"
        first.extensions["reason_phrase"] = b"Mine"
        second = client.get("/api/v1/tokens/tok_1")
    assert second.headers.raw == headers
    assert (second.headers.encoding, second.reason_phrase) == ("ascii", "Not Found")
    assert second.json() == first.json()


@each_library
def test_header_fields_beyond_the_usual_ones_are_in_one_answer_alone(http: Any):
    with Paymock() as paymock, http.Client(base_url=paymock.base_url) as client:
        wrong = client.delete("/api/v1/tokenize")
        assert wrong.headers["allow"] == "POST"
        assert "allow" not in client.get("/api/v1/tokens/tok_1").headers


def test_a_url_of_a_release_that_keeps_its_parts_elsewhere_is_found():
    url = SimpleNamespace(
        scheme="https", raw_host=b"pay.example", port=None, raw_path=b"/v2/api/v1/tokenize?a=1"
    )
    with Paymock(base_url="https://pay.example/v2"):
        assert LIBRARIES[0].interceptor.is_ours(SimpleNamespace(url=url))
        assert parts_of(url) == ("https", "pay.example", None, "/v2/api/v1/tokenize", "a=1")


def test_a_release_that_keeps_no_decoder_finds_out_about_each_body():
    class Plain(httpx.Response):
        def read(self) -> bytes:
            body = super().read()
            del self._decoder
            return body

    http = SimpleNamespace(Response=Plain, Headers=httpx.Headers, ByteStream=httpx.ByteStream)
    answer = Answers(http).native(Response(201, b'{"a":1}'))
    assert not hasattr(answer, "_decoder")
    assert answer.read() == b'{"a":1}'
