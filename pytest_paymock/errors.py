"""Every exception and warning of pytest-paymock. This module imports nothing.

All of them carry one sentence that says what is wrong and what to do, and nothing but
strings and numbers, so that ``pytest-xdist`` can send them between processes.
"""


class PaymockError(Exception):
    """The root of all errors that pytest-paymock raises on its own account."""

    __module__ = "pytest_paymock"  # where people import it from, and short in pytest's summary


class UsageError(PaymockError, ValueError):
    """An option, name or argument that the fake does not know; the message lists the valid ones."""

    __module__ = "pytest_paymock"


class ExpectationError(PaymockError, AssertionError):
    """An expectation of the test was not met: an assertion, ``one()``, or a left-over script."""

    __module__ = "pytest_paymock"


class BlockedRequestError(PaymockError, AssertionError):
    """A request was stopped by the network rule and the code under test swallowed the error."""

    __module__ = "pytest_paymock"


class UnknownKeyError(UsageError, KeyError, IndexError):
    """A name or number in brackets that is none of those that there are; the message lists them."""

    # That of a KeyError would put the sentence into quotation marks.
    __str__ = Exception.__str__


class WrongTypeError(UsageError, TypeError):
    """An argument or index of a kind that cannot be; the message says which can."""


class UnknownNameError(UsageError, AttributeError):
    """A name behind a dot that there is not, or that cannot be set; the message says what to do."""


class MissingRecordError(ExpectationError, IndexError):
    """There are not as many records as the test looks for."""


class PaymentRefusedError(PaymockError):
    """What the engine refuses; a refused operation has changed nothing."""


class InvalidTokenError(PaymentRefusedError):
    """The token of a payment does not exist or has expired (spec section 3)."""


class UnknownTokenError(PaymentRefusedError):
    """No token of that name was ever issued (spec section 6)."""


class UnknownTransactionError(PaymentRefusedError):
    """No payment or refund has that id (spec section 4)."""


class NotRefundableError(PaymentRefusedError):
    """The transaction cannot be refunded; the message says why (spec section 5)."""


class ProcessCrash(BaseException):
    """The process of the application died at a call, by ``faults.crash``.

    It is no ``Exception``, since a process that dies runs no ``except Exception``. It ends the
    block of ``paymock.process()``. Where there is none, an ``ExpectationError`` fails the test.
    """

    __module__ = "pytest_paymock"


class PaymockWarning(UserWarning):
    """Something that a payments team would want to know, but that fails no test by default."""

    __module__ = "pytest_paymock"


def is_for_caller(caught: object) -> bool:
    """Say whether what was caught speaks of a line that called us, which is to be shown alone.

    As ``__tracebackhide__`` of a module, it keeps pytest from showing lines of ours. What else
    comes out of such a module is a defect of it, and shown with all of them.

    Args:
        caught: pytest's ``ExceptionInfo``.
    """
    told = UsageError | ExpectationError | BlockedRequestError | PaymockWarning | ProcessCrash
    return isinstance(getattr(caught, "value", None), told)
