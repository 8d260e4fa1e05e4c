"""The schema of the JSON report is written down, and a report keeps to it."""

import json
from pathlib import Path

import jsonschema_rs

from pytest_paymock._report.models import Report

from .conftest import Reported

WRITTEN = Path(__file__).parents[2] / "docs" / "report.schema.json"


def test_the_schema_that_is_written_down_is_that_of_the_models():
    found = Report.model_json_schema(mode="serialization")
    assert json.loads(WRITTEN.read_text("utf-8")) == found


def test_a_report_keeps_to_the_schema(reported: Reported):
    report = reported(
        """
from pytest_paymock import faults

def test_explored(paymock, paymock_factory):
    for world in paymock.explore():
        with world:
            pay_naively(paymock, owner="cust_2")
    paymock.add_payment(amount=25)
    refund(paymock, paymock.payments.first)
    paymock_factory(base_url="https://pay.example/v2", seed=3)
    paymock.faults.queue(faults.disconnect, optional=True)
    httpx.get("https://bank.example/")
"""
    )
    check = jsonschema_rs.validator_for(json.loads(WRITTEN.read_text("utf-8")))
    assert [error.message for error in check.iter_errors(report)] == []
    assert list(check.iter_errors(report | {"version": 2}))
    assert report["totals"]["blocked"] == 1
