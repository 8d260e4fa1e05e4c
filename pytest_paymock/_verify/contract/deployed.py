"""Section 8: what the deployed service does and its documentation does not say."""

from pytest_paymock._verify.contract.common import TIME_OF_TOKEN, refused
from pytest_paymock._verify.shapes import (
    ACCEPTED,
    REFUSED,
    Near,
    Text,
    having,
)
from pytest_paymock._verify.steps import (
    ABSENT,
    CVV,
    NEEDS_A_CLOCK,
    PAYMENTS,
    TEST_CARDS,
    TOKENIZE,
    Digits,
    Rule,
    Send,
    Wait,
    card_request,
    charge,
    get,
    history,
    post,
    token_info,
    tokenize,
)

_DEPLOYED = ("deployed",)

_VISA = TEST_CARDS["Visa"]


def _wide(text: str) -> str:
    return "".join(chr(ord(digit) - ord("0") + ord("\uff10")) for digit in text)


_REDIRECTED = (
    ("POST", f"{PAYMENTS}/", PAYMENTS),
    ("POST", f"{TOKENIZE}/", TOKENIZE),
    ("GET", "/api/v1/tokens/tok_1/", "/api/v1/tokens/tok_1"),
    ("POST", "/api/v1/transactions/txn_1/refund/", "/api/v1/transactions/txn_1/refund"),
    ("GET", "/health/", "/health"),
    ("GET", f"{PAYMENTS}/?a=1", f"{PAYMENTS}?a=1"),
)

RULES = (
    Rule(
        name="no-luhn-check",
        section="8",
        says="The check digit of a card number does not matter.",
        steps=(tokenize({"card.card_number": f"{_VISA[:-1]}7"}, status=ACCEPTED),),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="no-expiry-check",
        section="8",
        says="Any year from 2024 is good, whatever the date.",
        steps=(
            tokenize({"card.expiry_year": 2024, "card.expiry_month": 1}, status=ACCEPTED),
            tokenize({"card.expiry_year": 9999}, status=ACCEPTED),
            refused(tokenize({"card.expiry_year": 2023})),
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="texts-are-no-numbers",
        section="8",
        says="A text with a blank in it is no number.",
        needs=("token",),
        steps=(
            refused(charge({"amount": "5 "})),
            refused(tokenize({"card.expiry_month": "5 "})),
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="digits-of-other-scripts",
        section="8",
        says="Digits of other scripts count as digits in card number and CVV.",
        steps=(
            tokenize({"card.card_number": _wide(_VISA)}, status=ACCEPTED),
            tokenize({"card.cvv": _wide(CVV)}, status=ACCEPTED),
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="generated-customer-is-a-time",
        section="8",
        says="A generated customer id is cust_ and a Unix time with fraction.",
        steps=(
            tokenize(
                {"customer.customer_id": ABSENT},
                answer=having(customer_id=Text(r"cust_\d{9,}\.\d+", "cust_ and a Unix time")),
            ),
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="root-page",
        section="8",
        says="GET / says which service it is, and that it is running.",
        steps=(
            get(
                "/",
                status=200,
                answer={
                    "service": Text(".+", "a text"),
                    "version": "1.0.0",
                    "status": "running",
                    "endpoints": having(),
                },
            ),
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="health-page",
        section="8",
        says="GET /health says that it is healthy, and the time.",
        steps=(
            get(
                "/health",
                status=200,
                answer={"status": "healthy", "timestamp": Text(".+", "a time")},
            ),
            get("/health", answer=having(timestamp=Near())),
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="trailing-slash-is-redirected",
        section="8",
        says="A trailing slash is redirected (307) to the path without.",
        steps=tuple(
            Send(
                method=method,
                path=path,
                status=307,
                fields={"location": Text(f".*{target.replace('?', '[?]')}", target)},
            )
            for method, path, target in _REDIRECTED
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="redirects-are-empty",
        section="8",
        says="The redirect has no body and no Content-Type.",
        steps=(get("/health/", fields={"content-type": None}, empty=True),),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="paths-are-decoded-first",
        section="8",
        says="A path is decoded before it is routed.",
        needs=("token",),
        steps=(
            post("/api/v1/%74okenize", card_request(), status=ACCEPTED),
            history("a%2Fb", status=404, answer=having(detail="Not Found")),
            token_info("a%2Fb", status=404, answer=having(detail="Not Found")),
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="line-feed-at-the-end",
        section="8",
        says="A %0A at the end of a path is no part of it, unless an identifier stands there.",
        needs=("token",),
        steps=(
            post(f"{TOKENIZE}%0A", card_request(), status=ACCEPTED),
            get("/health%0A", status=200),
            token_info("<token>%0A", status=404, answer=having(detail="Token not found")),
        ),
        profiles=_DEPLOYED,
    ),
    Rule(
        name="preflight",
        section="8",
        says="A preflight of a page is answered with access-control-allow-credentials: true.",
        steps=(
            Send(
                method="OPTIONS",
                path=PAYMENTS,
                headers={
                    "origin": "https://shop.example",
                    "access-control-request-method": "POST",
                    "access-control-request-headers": "content-type",
                },
                status=200,
                fields={"access-control-allow-credentials": "true"},
            ),
        ),
        profiles=_DEPLOYED,
        served=True,
    ),
    Rule(
        name="pages-about-the-api",
        section="8",
        says="/docs, /redoc and /openapi.json are there.",
        steps=tuple(get(path, status=200) for path in ("/docs", "/redoc", "/openapi.json")),
        profiles=_DEPLOYED,
        served=True,
    ),
    Rule(
        name="token-pays-at-exactly-24-hours",
        section="8",
        says="At exactly 24 hours a token still pays, and is_valid stays true until one was tried.",
        needs=("token",),
        steps=(
            Wait(hours=24),
            charge(status=ACCEPTED),
            Wait(microseconds=1),
            token_info(answer=having(is_valid=True)),
            refused(charge(), REFUSED),
            token_info(status=ACCEPTED, answer=having(is_valid=False)),
        ),
        profiles=_DEPLOYED,
        untold=NEEDS_A_CLOCK,
    ),
    Rule(
        name="whole-seconds-have-no-fraction",
        section="8",
        says="A time on a whole second is written without a fraction.",
        needs=("token",),
        steps=(
            charge(
                {"amount": Digits("0.01")},
                answer=having(processed_at=Text(r"[^.]{19}", "a time without fraction")),
            ),
            Wait(microseconds=7),
            charge(
                {"amount": Digits("0.01")},
                answer=having(processed_at=Text(r"[^.]{19}\.000007", "a time with fraction")),
            ),
            tokenize(answer=having(created_at=TIME_OF_TOKEN)),
        ),
        profiles=_DEPLOYED,
        untold=NEEDS_A_CLOCK,
    ),
)
