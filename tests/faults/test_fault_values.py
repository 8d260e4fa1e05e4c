"""The values of ``pytest_paymock.faults``: their phases, their words, and what they refuse."""

import copy
import pickle

import pytest

from pytest_paymock import UsageError, faults
from pytest_paymock.faults import ALL, Fault

ON_THE_WAY = [faults.connect_error, faults.connect_timeout, faults.rate_limited]
ON_THE_ANSWER = [fault for fault in ALL if fault not in ON_THE_WAY]

WORDS = {
    "connect_error": "connect error",
    "connect_timeout": "connect timeout",
    "read_timeout": "read timeout",
    "disconnect": "disconnect",
    "connection_reset": "connection reset",
    "truncated_body": "truncated body",
    "malformed_json": "malformed JSON",
    "server_error": "HTTP 500",
    "bad_gateway": "HTTP 502",
    "unavailable": "HTTP 503",
    "rate_limited": "HTTP 429",
}


def test_all_lists_every_fault_with_a_name_of_its_own():
    assert {fault.name: str(fault) for fault in ALL} == WORDS
    assert [getattr(faults, fault.name) for fault in ALL] == list(ALL)
    assert not any(fault.after_commit for fault in ALL)


@pytest.mark.parametrize("fault", ON_THE_ANSWER, ids=str)
def test_a_fault_on_the_answer_has_two_phases(fault: Fault):
    later = fault(after_commit=True)
    assert (fault.acts, later.acts) == (False, True)
    assert str(later) == f"{fault} after commit"
    assert repr(later) == f"faults.{fault.name}(after_commit=True)"
    assert repr(fault) == f"faults.{fault.name}"
    assert later(after_commit=False) == fault != later
    assert later(after_commit=True) == later


@pytest.mark.parametrize("fault", ON_THE_WAY, ids=str)
def test_any_other_fault_takes_the_earlier_phase_only(fault: Fault):
    assert fault(after_commit=False) == fault
    assert not fault.acts
    with pytest.raises(UsageError):
        fault(after_commit=True)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (
            faults.connect_error,
            "connect error cannot come after the commit: the request never reached the API",
        ),
        (
            faults.connect_timeout,
            "connect timeout cannot come after the commit: the request never reached the API",
        ),
        (
            faults.http_error(402),
            (
                "HTTP 402 cannot come after the commit: an answer 402 says that the API refused; "
                "take one from 500 on"
            ),
        ),
        (
            faults.http_error(499),
            (
                "HTTP 499 cannot come after the commit: an answer 499 says that the API refused; "
                "take one from 500 on"
            ),
        ),
        (
            faults.latency(2),
            (
                "latency 2 s cannot come after the commit: a late answer always follows it; "
                "latency takes no phase"
            ),
        ),
    ],
    ids=str,
)
def test_a_phase_that_cannot_be_is_refused_with_the_reason(fault: Fault, message: str):
    with pytest.raises(UsageError) as caught:
        fault(after_commit=True)
    assert str(caught.value) == message


@pytest.mark.parametrize("phase", [None, 1, "no", []])
def test_a_phase_is_true_or_false(phase: object):
    asked = (
        lambda: faults.read_timeout(after_commit=phase),  # type: ignore[arg-type]
        lambda: faults.connect_error(after_commit=phase),  # type: ignore[arg-type]
        lambda: faults.http_error(503, after_commit=phase),  # type: ignore[arg-type]
    )
    for ask in asked:
        with pytest.raises(UsageError) as caught:
            ask()
        assert str(caught.value) == f"after_commit is True or False, not {phase!r}"


@pytest.mark.parametrize("status", [400, 418, 499, 500, 599])
def test_http_error_takes_every_status_of_an_error(status: int):
    fault = faults.http_error(status)
    assert (fault.status, str(fault)) == (status, f"HTTP {status}")
    assert repr(fault) == f"faults.http_error({status})"
    assert fault.can_follow_commit == (status >= 500)


def test_http_error_takes_its_phase_at_once():
    fault = faults.http_error(503, after_commit=True)
    assert fault == faults.http_error(503)(after_commit=True)
    assert repr(fault) == "faults.http_error(503, after_commit=True)"
    assert str(fault) == "HTTP 503 after commit"
    with pytest.raises(UsageError, match=r"^HTTP 402 cannot come after the commit"):
        faults.http_error(402, after_commit=True)


@pytest.mark.parametrize("status", [399, 600, 0, -500, 200, "500", 500.0, None, True])
def test_http_error_refuses_any_other_status(status: object):
    with pytest.raises(UsageError) as caught:
        faults.http_error(status)  # type: ignore[arg-type]
    assert str(caught.value) == f"http_error takes a status from 400 to 599, not {status!r}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Evil", "a\r\nSet-Cookie: b"),
        ("X-Evil", "a\nb"),
        ("X-Evil", "a\rb"),
        ("X-Evil", "a\x00b"),
        ("X-Evil", "caf\u00e9"),
        ("X-Evil", "a\n"),
        ("X-Evil", " a"),
        ("X-Evil", "a\t"),
        ("X-Evil\r\nX-More", "a"),
        ("X Evil", "a"),
        ("X-Evil:", "a"),
        ("", "a"),
        ("X-\u00c9vil", "a"),
    ],
)
def test_http_error_refuses_a_header_that_http_cannot_carry(name: str, value: str):
    with pytest.raises(UsageError) as caught:
        faults.http_error(503, headers={name: value})
    assert str(caught.value) == f"{name!r}: {value!r} is no header field that HTTP can carry"


@pytest.mark.parametrize(
    "name", ["Content-Length", "transfer-encoding", "CONTENT-TYPE", "Connection"]
)
def test_http_error_refuses_the_headers_that_frame_an_answer(name: str):
    with pytest.raises(UsageError) as caught:
        faults.http_error(503, headers={name: "7"})
    assert str(caught.value) == (
        f"the header {name!r} is set by the fake; http_error cannot change it"
    )


@pytest.mark.parametrize(
    ("name", "value"), [("Retry-After", 3), ("Retry-After", None), ("A", b"3"), (b"A", "3")]
)
def test_http_error_refuses_a_header_that_is_no_text(name: object, value: object):
    with pytest.raises(UsageError) as caught:
        faults.http_error(503, headers={name: value})  # type: ignore[dict-item]
    assert str(caught.value) == f"{name!r}: {value!r} is no header field that HTTP can carry"


@pytest.mark.parametrize("headers", [7, "Retry-After: 3", [("Retry-After", "3")], True])
def test_http_error_refuses_headers_that_are_no_dict(headers: object):
    with pytest.raises(UsageError) as caught:
        faults.http_error(503, headers=headers)  # type: ignore[arg-type]
    assert str(caught.value) == (
        f"http_error takes its headers as a dict, such as {{'Retry-After': '3'}}, not {headers!r}"
    )


@pytest.mark.parametrize("detail", [3, b"busy", ["busy"]])
def test_http_error_refuses_a_detail_that_is_no_text(detail: object):
    with pytest.raises(UsageError) as caught:
        faults.http_error(503, detail=detail)  # type: ignore[arg-type]
    assert str(caught.value) == f"the detail of an error answer is a text, not {detail!r}"


def test_latency_names_its_seconds():
    assert [str(faults.latency(seconds)) for seconds in (0, 0.25, 3, 1e9)] == [
        "latency 0 s",
        "latency 0.25 s",
        "latency 3 s",
        "latency 1e+09 s",
    ]
    assert repr(faults.latency(0.25)) == "faults.latency(0.25)"
    assert faults.latency(1) == faults.latency(1.0) != faults.latency(2)
    assert faults.latency(1).acts


@pytest.mark.parametrize("seconds", [-1, -0.001, float("nan"), float("inf"), "3", None, True, 2e9])
def test_latency_refuses_what_is_no_time(seconds: object):
    with pytest.raises(UsageError) as caught:
        faults.latency(seconds)  # type: ignore[arg-type]
    assert str(caught.value) == f"latency takes a number of seconds from 0 on, not {seconds!r}"


@pytest.mark.parametrize(
    "fault", [*ALL, faults.latency(2), faults.http_error(503, headers={"A": "b"})], ids=str
)
def test_a_fault_is_a_frozen_value(fault: Fault):
    assert hash(fault) == hash(copy.deepcopy(fault))
    assert copy.deepcopy(fault) == fault
    assert pickle.loads(pickle.dumps(fault)) == fault  # noqa: S301 - our own
    with pytest.raises(AttributeError):
        fault.after_commit = True  # type: ignore[misc]
