"""Interception of httpx, the client library."""

import httpcore
import httpx

from pytest_paymock.intercept.httpx_family import Family

FAMILY = Family(httpx, httpcore, mocked=True)
