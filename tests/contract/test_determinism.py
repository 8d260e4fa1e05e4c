"""Same seed and same calls, same output: in a fresh process, under any hash seed, anywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = """
import asyncio
import httpx, httpx2, requests
from pytest_paymock import Paymock

with Paymock(seed=11, clock="2026-01-27T12:00:00", success_rate=0.6) as paymock:
    api = paymock.base_url + "/api/v1"
    print(paymock.outcomes.forecast(12))
    session = requests.Session()
    tokens = []
    for brand in ("visa", "mastercard", "amex", "discover"):
        body = {"card": paymock.card(brand), "customer": paymock.customer(None)}
        made = session.post(api + "/tokenize", json=body)
        print(made.text)
        tokens.append(made.json())
    for number, token in enumerate(tokens * 3):
        body = {"token": token["token"], "amount": number + 0.5,
                "customer_id": token["customer_id"], "description": f"order {number}"}
        library = (httpx, requests, httpx2)[number % 3]
        paid = library.post(api + "/payments", json=body)
        print(paid.text)
        name = paid.json()["transaction_id"]
        print(httpx.post(f"{api}/transactions/{name}/refund").text)
        print(requests.get(f"{api}/transactions/{name}").text)

    async def later():
        async with httpx.AsyncClient() as client:
            url = f"{api}/customers/{tokens[0]['customer_id']}/transactions"
            return (await client.get(url)).text

    print(asyncio.run(later()))
    print(requests.post(api + "/tokenize", json={"card": {}, "customer": {}}).text)
    print(requests.put(api + "/payments").headers)
    for records in (paymock.calls, paymock.tokens, paymock.transactions):
        print(records)
    print([record.card.fingerprint for record in paymock.tokens])
    print("\\n".join(paymock.report()))
    try:
        paymock.payments.where(status="failed").one(nothing=1)
    except Exception as error:
        print(error)
    try:
        paymock.assert_charged(amount=1, customer_id="cust_1", currency="EUR")
    except AssertionError as error:
        print(error)
"""


def told(tmp_path: Path, **environment: str) -> str:
    """Run the story in a process of its own and return what it printed."""
    script = tmp_path / "story.py"
    script.write_text(STORY)
    done = subprocess.run(  # noqa: S603 - this interpreter and a file of ours
        [sys.executable, "-W", "error", str(script)],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def ordinary(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give what the story prints under the first hash seed, in UTC."""
    return told(tmp_path_factory.mktemp("story"), PYTHONHASHSEED="0", TZ="UTC")


def test_the_story_has_everything_in_it(ordinary: str) -> None:
    for words in ("tok_", "txn_20260127120000_", "ref_", "is required", "no field 'nothing'"):
        assert words in ordinary
    assert "nearest: " in ordinary
    assert len(ordinary.splitlines()) > 60


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C", "PYTHONUTF8": "0"},
        {"PYTHONHASHSEED": "4294967295", "TZ": "America/St_Johns", "PYTHONOPTIMIZE": "2"},
        {"PYTHONHASHSEED": "random", "TZ": "Pacific/Kiritimati"},
    ],
    ids=["C locale", "optimised", "random"],
)
def test_nothing_around_the_interpreter_changes_it(
    tmp_path: Path, ordinary: str, environment: dict[str, str]
) -> None:
    assert told(tmp_path, **environment) == ordinary
