"""Ways in which a service may deviate, each from one rule of the contract and from no other.

A deviation changes an answer. It is pure, so that it can be put
around the deployed service and around the fake alike, and imports nothing.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

BOTH = ("documented", "deployed")


@dataclass(frozen=True)
class Asked:
    """A request; its path is as it stood on the wire, without the query."""

    method: str
    path: str
    body: bytes

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return {}

    def of(self, *names: str) -> Any:
        """Return a field of the body, by the names on the way, or None."""
        found = self.json
        for name in names:
            found = found.get(name) if isinstance(found, dict) else None
        return found


@dataclass
class Answered:
    """An answer."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def write(self, document: Any) -> "Answered":
        self.body = json.dumps(document).encode()
        return self


OnAnswer = Callable[[Asked, Answered], Answered]


@dataclass(frozen=True)
class Deviation:
    """One deviation, by the name of the rule from which it deviates."""

    rule: str
    on_answer: OnAnswer
    profiles: tuple[str, ...] = BOTH


TOKENIZE = ("POST", "/api/v1/tokenize")
PAY = ("POST", "/api/v1/payments")
LOOK = ("GET", "/api/v1/transactions/[^/]+")
HISTORY = ("GET", "/api/v1/customers/[^/]+/transactions")
REFUND = ("POST", "/api/v1/transactions/[^/]+/refund")
TOKEN = ("GET", "/api/v1/tokens/[^/]+")
ANY = ("[A-Z]+", ".*")

Where = tuple[str, str]
When = Callable[[Asked, Answered], bool]


def _is(asked: Asked, where: Where) -> bool:
    method, path = where
    return bool(re.fullmatch(method, asked.method) and re.fullmatch(path, asked.path))


def _always(_: Asked, __: Answered) -> bool:
    return True


def _done(_: Asked, answer: Answered) -> bool:
    return answer.status < 300


def status(rule: str, where: Where, new: int, when: When = _done, **more: Any) -> Deviation:
    """Answer another status."""

    def on_answer(asked: Asked, answer: Answered) -> Answered:
        if _is(asked, where) and when(asked, answer):
            answer.status = new
        return answer

    return Deviation(rule, on_answer, **more)


def edit(
    rule: str, where: Where, change: Callable[[Asked, Any], Any], when: When = _done, **more: Any
) -> Deviation:
    """Change the JSON of an answer; ``change`` may return None for what it changed in place."""

    def on_answer(asked: Asked, answer: Answered) -> Answered:
        document = answer.json
        if _is(asked, where) and when(asked, answer) and document is not None:
            changed = change(asked, document)
            answer.write(document if changed is None else changed)
        return answer

    return Deviation(rule, on_answer, **more)


def refuse(
    rule: str, where: Where, when: Callable[[Asked], bool], told: int = 400, **more: Any
) -> Deviation:
    """Refuse what is to be accepted."""

    def on_answer(asked: Asked, answer: Answered) -> Answered:
        if _is(asked, where) and when(asked):
            answer.status = told
            return answer.write({"detail": "no"})
        return answer

    return Deviation(rule, on_answer, **more)


def accept(
    rule: str, where: Where, when: Callable[[Asked], bool], told: int = 201, **more: Any
) -> Deviation:
    """Accept what is to be refused, or say so."""

    def on_answer(asked: Asked, answer: Answered) -> Answered:
        if _is(asked, where) and when(asked) and answer.status >= 400:
            answer.status = told
        return answer

    return Deviation(rule, on_answer, **more)


def put(name: str, value: Any) -> Callable[[Asked, Any], Any]:
    """Return what sets a field of an answer."""

    def change(_: Asked, document: Any) -> None:
        document[name] = value

    return change


def drop(name: str) -> Callable[[Asked, Any], Any]:
    """Return what takes a field out of an answer."""

    def change(_: Asked, document: Any) -> None:
        document.pop(name, None)

    return change


def _amount(asked: Asked) -> Any:
    value = asked.of("amount")
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _special(low: float, high: float, message: str, kind: str) -> Callable[[Asked, Any], Any]:
    def change(asked: Asked, document: Any) -> None:
        amount = _amount(asked)
        if amount is not None and low <= amount <= high and _plain(asked):
            document.update(status=kind, message=message)

    return change


def _plain(asked: Asked) -> bool:
    # Where the table asks what becomes of a special amount, and not where it only needs one.
    return asked.of("description") == "Order #12345" and "idempotency" not in str(asked.json)


def _outcome(low: float, high: float) -> Callable[[Asked, Any], Any]:
    return _special(low, high, "Nothing of the kind", "failed")


def _detail(*_: Any) -> Any:
    return {"detail": "something was wrong"}


def _invalid(_: Asked, answer: Answered) -> bool:
    return answer.status in (400, 422)


def _number(asked: Asked) -> str:
    value = asked.of("card", "card_number")
    return value if isinstance(value, str) else ""


def _first_four(start: str) -> Callable[[Asked], bool]:
    return lambda asked: _number(asked).startswith(start) and _good(asked)


def _good(asked: Asked) -> bool:
    return bool(re.fullmatch("[0-9]{15,16}", _number(asked)))


def _missing(*names: str) -> Callable[[Asked], bool]:
    """Return whether a field is missing or null in a request that has all the others."""

    def is_missing(asked: Asked) -> bool:
        *way, name = names
        above = asked.of(*way) if way else asked.json
        return isinstance(above, dict) and above.get(name) is None

    return is_missing


def _card_where(name: str, bad: Callable[[Any], bool]) -> Callable[[Asked], bool]:
    return lambda asked: isinstance(asked.of("card"), dict) and bad(asked.of("card", name))


def _hour_off(names: tuple[str, ...]) -> Callable[[Asked, Any], Any]:
    def change(_: Asked, document: Any) -> None:
        for name in names:
            hour = int(document[name][11:13])
            document[name] = f"{document[name][:11]}{(hour + 3) % 24:02}{document[name][13:]}"

    return change


def _with_zone(*names: str) -> Callable[[Asked, Any], Any]:
    def change(_: Asked, document: Any) -> None:
        for name in names:
            document[name] = document[name].replace("+00:00", "") + "Z"

    return change


def _text_type(_: Asked, answer: Answered) -> Answered:
    if answer.status == 404:
        answer.headers["content-type"] = "text/plain"
    return answer


def _no_allow(_: Asked, answer: Answered) -> Answered:
    answer.headers.pop("allow", None)
    return answer


def _in_detail(name: str) -> Callable[[Asked, Any], Any]:
    def change(asked: Asked, document: Any) -> Any:
        return {"detail": f"{document['detail']} {asked.of('card', name)}"}

    return change


def _reversed(_: Asked, document: Any) -> None:
    document["transactions"].reverse()


def _counting(_: Asked, document: Any) -> None:
    if len(document["transactions"]) == 1:
        document["transaction_count"] = 7


def _types(asked: Asked) -> bool:
    return asked.method == "POST"


DEVIATIONS = (
    Deviation("answers-are-json", _text_type),
    status("tokenize-status", TOKENIZE, 200),
    status(
        "payment-status", PAY, 200, lambda asked, a: _done(asked, a) and _amount(asked) == 99.99
    ),
    status("transaction-status", LOOK, 203, lambda _, a: _done(_, a) and "refund_id" not in a.json),
    status(
        "history-status", HISTORY, 206, lambda _, a: _done(_, a) and a.json["transaction_count"] > 0
    ),
    status("token-info-status", TOKEN, 206),
    status(
        "declined-payment-status",
        PAY,
        202,
        lambda asked, a: _amount(asked) == 0.02 and _done(asked, a),
    ),
    status("unknown-token-status", PAY, 403, lambda _, a: a.status == 401),
    edit(
        "unknown-transaction",
        LOOK,
        lambda *_: {"detail": "Gone"},
        lambda asked, a: a.status == 404 and "nothing" in asked.path,
    ),
    edit(
        "unknown-token-info",
        TOKEN,
        lambda *_: {"detail": "Gone"},
        lambda asked, a: a.status == 404 and asked.path.endswith("0" * 32),
    ),
    edit(
        "refund-of-an-unknown-transaction",
        REFUND,
        lambda *_: {"detail": "Gone"},
        lambda asked, a: a.status == 404 and asked.path.endswith("_00000000/refund"),
    ),
    Deviation("wrong-method-names-the-right-one", _no_allow),
    status("wrong-method", ANY, 404, lambda _, a: a.status == 405),
    status("unknown-path", ("GET", "/api/v1/refunds/.*"), 200, _always),
    edit("tokenize-fields", TOKENIZE, put("brand", "x")),
    edit(
        "last-four-digits",
        TOKENIZE,
        put("last_four_digits", "1117"),
        lambda asked, a: _done(asked, a) and _number(asked) == "5425233430109903",
    ),
    *(
        edit(
            rule,
            TOKENIZE,
            put("card_type", "Card"),
            lambda asked, a, start=start: (
                _done(asked, a)
                and _first_four(start)(asked)
                and len(asked.json) == 2
                and asked.of("customer", "phone") == "+1-555-0123"
            ),
        )
        for rule, start in (
            ("test-card-mastercard", "5425"),
            ("test-card-american-express", "3742"),
            ("test-card-discover", "60111"),
        )
    ),
    edit("times-are-utc", TOKENIZE, _hour_off(("created_at", "expires_at"))),
    edit("times-of-tokens", TOKENIZE, _with_zone("expires_at")),
    edit("times-of-tokens", TOKEN, _with_zone("created_at")),
    edit(
        "customer-is-answered",
        TOKENIZE,
        put("customer_id", "cust_1"),
        lambda asked, a: _done(asked, a) and asked.of("customer", "customer_id"),
    ),
    edit(
        "customer-is-generated",
        TOKENIZE,
        put("customer_id", "cust_1.5"),
        lambda asked, a: _done(asked, a) and not asked.of("customer", "customer_id"),
        profiles=("documented",),
    ),
    refuse(
        "optional-fields-of-tokenize",
        TOKENIZE,
        lambda asked: (
            isinstance(asked.of("customer"), dict) and "phone" not in asked.of("customer")
        ),
    ),
    refuse("card-number-separators", TOKENIZE, lambda asked: "4532-0151" in _number(asked)),
    refuse("card-number-separators", TOKENIZE, lambda asked: "4532 0151" in _number(asked)),
    refuse("expiry-month", TOKENIZE, lambda asked: asked.of("card", "expiry_month") == 11),
    refuse("cvv-digits", TOKENIZE, lambda asked: asked.of("card", "cvv") == "000"),
    refuse("unknown-fields-of-tokenize", TOKENIZE, lambda asked: asked.of("token") is not None),
    edit("token-info-fields", TOKEN, put("customer_id", "cust_1")),
    edit(
        "token-info-tells-the-card",
        TOKEN,
        lambda _, d: d.update(is_valid=d["is_valid"] and d["card_type"] != "Discover"),
    ),
    edit("payment-fields", PAY, put("fee", 1)),
    edit(
        "payment-repeats-the-request",
        PAY,
        lambda _, d: d.update(currency=d["currency"].upper()),
        lambda asked, a: _done(asked, a) and asked.of("currency") == "eUr",
    ),
    edit(
        "amount-is-answered-as-sent",
        PAY,
        lambda _, d: d.update(amount=str(d["amount"])),
        lambda asked, a: _done(asked, a) and _amount(asked) == 12.34,
    ),
    edit(
        "times-of-payments-are-utc",
        PAY,
        _hour_off(("processed_at",)),
        lambda asked, a: _done(asked, a) and _amount(asked) == 99.99,
        profiles=("deployed",),
    ),
    edit(
        "times-of-payments",
        PAY,
        _with_zone("processed_at"),
        lambda asked, a: _done(asked, a) and _amount(asked) == 99.99,
    ),
    edit("amount-insufficient-funds", PAY, _outcome(0.01, 0.01)),
    edit(
        "amount-card-declined",
        PAY,
        put("status", "pending"),
        lambda asked, a: (
            _amount(asked) == 0.02 and _done(asked, a) and asked.of("currency") == "JPY"
        ),
    ),
    edit("amount-pending-verification", PAY, _outcome(0.03, 0.03)),
    edit("amount-manual-review", PAY, _outcome(10000, 10000)),
    edit("amount-manual-review", PAY, _outcome(10000.01, 1e9)),
    edit("amounts-beside-special-ones", PAY, _outcome(0.011, 0.012)),
    edit("amounts-beside-special-ones", PAY, _outcome(9999.99, 9999.995)),
    edit(
        "ordinary-outcomes",
        PAY,
        put("message", "Try again"),
        lambda asked, a: _amount(asked) == 7.5 and _done(asked, a) and a.json["status"] == "failed",
    ),
    edit(
        "ordinary-outcomes",
        PAY,
        lambda _, d: d.update(status="success", message="Payment processed successfully"),
        lambda asked, a: _amount(asked) == 7.5 and _done(asked, a),
    ),
    edit(
        "currency-default",
        PAY,
        put("currency", "EUR"),
        lambda asked, a: _done(asked, a) and "currency" not in asked.json,
    ),
    edit(
        "description-is-kept",
        LOOK,
        lambda _, d: d.update(description=d["description"].strip()),
        lambda _, a: _done(_, a) and isinstance(a.json.get("description"), str),
    ),
    edit(
        "transaction-fields",
        LOOK,
        put("fee", 1),
        lambda _, a: _done(_, a) and "card_info" in a.json,
    ),
    edit(
        "transaction-repeats-the-payment",
        LOOK,
        put("currency", "USD"),
        lambda _, a: _done(_, a) and "card_info" in a.json,
    ),
    edit(
        "card-info",
        LOOK,
        lambda _, d: d["card_info"].update(card_type="Visa"),
        lambda _, a: _done(_, a) and "card_info" in a.json,
    ),
    edit(
        "refunded-payment",
        LOOK,
        drop("refunded"),
        lambda _, a: _done(_, a) and "card_info" in a.json,
    ),
    edit(
        "refund-is-a-record",
        LOOK,
        put("message", "x"),
        lambda _, a: _done(_, a) and "original_transaction_id" in a.json,
    ),
    edit(
        "history-shape",
        HISTORY,
        put("page", 1),
        lambda _, a: _done(_, a) and a.json["transaction_count"] == 1,
    ),
    edit(
        "history-order",
        HISTORY,
        _reversed,
        lambda _, a: _done(_, a) and a.json["transaction_count"] > 2,
    ),
    edit(
        "history-of-nobody",
        HISTORY,
        put("transactions", None),
        lambda asked, a: _done(asked, a) and "nobody" in asked.path,
    ),
    status("history-of-nobody", HISTORY, 404, lambda asked, _: "nobody" in asked.path),
    edit(
        "history-has-the-shape-of-lookups",
        HISTORY,
        lambda _, d: d["transactions"][0].pop("card_info") and None,
        lambda _, a: (
            _done(_, a)
            and bool(a.json["transactions"])
            and "card_info" in a.json["transactions"][0]
        ),
    ),
    edit("refund-fields", REFUND, put("fee", 0)),
    edit("refund-values", REFUND, put("currency", "USD")),
    edit("refund-values", REFUND, put("message", "Done")),
    edit("times-of-refunds", REFUND, _with_zone("processed_at")),
    refuse("refund-ignores-any-body", REFUND, lambda asked: asked.body.startswith(b"\xff")),
    edit(
        "refund-ignores-a-body",
        REFUND,
        put("amount", 1),
        lambda asked, a: _done(asked, a) and b"amount" in asked.body,
    ),
    # -- requests that are not valid ---------------------------------------------------------
    status(
        "invalid-status",
        TOKENIZE,
        422,
        lambda asked, a: a.status == 400 and asked.of("card") == "card",
        profiles=("documented",),
    ),
    status(
        "invalid-status",
        TOKENIZE,
        400,
        lambda asked, a: a.status == 422 and asked.of("card") == "card",
        profiles=("deployed",),
    ),
    edit(
        "invalid-names-the-field",
        PAY,
        _detail,
        lambda asked, a: _invalid(asked, a) and asked.of("currency") == 840,
        profiles=("documented",),
    ),
    edit(
        "no-card-data-in-refusals",
        TOKENIZE,
        _in_detail("cvv"),
        lambda asked, a: _invalid(asked, a) and asked.of("card", "cvv") == "8374y",
        profiles=("documented",),
    ),
    accept("card-number-length", TOKENIZE, lambda asked: len(_number(asked)) == 20),
    accept("card-number-digits", TOKENIZE, lambda asked: "." in _number(asked)),
    accept(
        "email-form",
        TOKENIZE,
        lambda asked: asked.of("customer", "email") == "@example.com",
        profiles=("documented",),
    ),
    accept(
        "luhn", TOKENIZE, lambda asked: _number(asked).endswith("0127"), profiles=("documented",)
    ),
    accept(
        "currency-letters",
        PAY,
        lambda asked: asked.of("currency") == "US1",
        profiles=("documented",),
    ),
    accept(
        "amount-is-finite", PAY, lambda asked: b"Infinity" in asked.body, profiles=("documented",)
    ),
    accept(
        "amount-is-no-text-or-boolean",
        PAY,
        lambda asked: asked.of("amount") is True,
        profiles=("documented",),
    ),
    accept(
        "unreadable-status",
        PAY,
        lambda asked: asked.body.startswith(b"[["),
        told=413,
        profiles=("documented",),
    ),
    edit(
        "money-is-decimal",
        PAY,
        put("message", "Insufficient funds"),
        lambda asked, a: b"0.0100000000" in asked.body and _done(asked, a),
        profiles=("documented",),
    ),
    edit(
        "token-lives-24-hours",
        TOKENIZE,
        lambda _, d: d.update(expires_at=f"2099{d['expires_at'][4:]}"),
    ),
    status("undocumented-pages", ("GET", "/health"), 200, _always, profiles=("documented",)),
    status(
        "trailing-slash", ("GET", "/api/v1/tokens/[^/]+/"), 307, _always, profiles=("documented",)
    ),
    edit(
        "refund-refusal-says-why",
        REFUND,
        lambda *_: {"detail": "Not refundable"},
        lambda _, a: a.status == 400 and "pending" in a.body.decode(),
        profiles=("documented",),
    ),
    edit(
        "refund-only-once",
        REFUND,
        lambda *_: {"detail": "Not possible"},
        lambda _, a: a.status == 400 and "already" in a.body.decode(),
        profiles=("documented",),
    ),
    status(
        "refund-of-a-refund",
        REFUND,
        409,
        lambda _, a: a.status == 400 and "A refund" in a.body.decode(),
        profiles=("documented",),
    ),
    # -- what is deployed --------------------------------------------------------------------
    edit(
        "transaction-has-token-and-message",
        LOOK,
        put("message", "x"),
        lambda _, a: _done(_, a) and "card_info" in a.json and a.json["status"] == "failed",
        profiles=("deployed",),
    ),
    refuse(
        "no-luhn-check",
        TOKENIZE,
        lambda asked: _number(asked) == "4532015112830367",
        profiles=("deployed",),
    ),
    refuse(
        "no-expiry-check",
        TOKENIZE,
        lambda asked: asked.of("card", "expiry_year") == 9999,
        profiles=("deployed",),
    ),
    refuse(
        "digits-of-other-scripts",
        TOKENIZE,
        lambda asked: not _number(asked).isascii(),
        profiles=("deployed",),
    ),
    accept(
        "texts-are-no-numbers",
        PAY,
        lambda asked: asked.of("amount") == "5 ",
        profiles=("deployed",),
    ),
    edit(
        "generated-customer-is-a-time",
        TOKENIZE,
        lambda _, d: d.update(customer_id=d["customer_id"].replace(".", "")),
        lambda asked, a: (
            _done(asked, a)
            and asked.of("customer") is not None
            and "customer_id" not in asked.of("customer")
        ),
        profiles=("deployed",),
    ),
    edit("root-page", ("GET", "/"), put("version", "1.0.1"), profiles=("deployed",)),
    edit("health-page", ("GET", "/health"), put("status", "up"), profiles=("deployed",)),
    status(
        "trailing-slash-is-redirected",
        ("POST", "/api/v1/payments/"),
        308,
        _always,
        profiles=("deployed",),
    ),
    refuse(
        "paths-are-decoded-first",
        ("POST", "/api/v1/%74okenize"),
        lambda _: True,
        404,
        profiles=("deployed",),
    ),
    refuse(
        "line-feed-at-the-end",
        ("POST", "/api/v1/tokenize%0A"),
        lambda _: True,
        404,
        profiles=("deployed",),
    ),
    edit(
        "null-body",
        PAY,
        lambda *_: {"detail": [{"type": "model_type", "loc": ["body"], "msg": ""}]},
        lambda asked, _: asked.body == b"null",
        profiles=("deployed",),
    ),
    edit(
        "no-object",
        PAY,
        lambda *_: {"detail": [{"type": "model_type", "loc": ["body"], "msg": ""}]},
        lambda asked, _: asked.body == b"true",
        profiles=("deployed",),
    ),
    edit(
        "json-invalid",
        PAY,
        lambda *_: {"detail": [{"type": "json", "loc": ["body"], "msg": ""}]},
        lambda asked, _: asked.body == b"nope",
        profiles=("deployed",),
    ),
    refuse(
        "any-currency", PAY, lambda asked: asked.of("currency") == "USDD", profiles=("deployed",)
    ),
    edit(
        "amounts-are-binary",
        PAY,
        put("amount", 100),
        lambda asked, a: _done(asked, a) and b"1e2" in asked.body,
        profiles=("deployed",),
    ),
    edit(
        "faults-are-a-list",
        PAY,
        lambda _, d: d["detail"].append(d["detail"][0]),
        lambda asked, a: _invalid(asked, a) and _amount(asked) == 0,
        profiles=("deployed",),
    ),
)
"""Every deviation; a profile has those that name it."""

BY_NAME: dict[str, Deviation] = {
    f"{each.rule} {number}": each for number, each in enumerate(DEVIATIONS)
}
"""By names of their own: a rule may be broken in several ways."""
