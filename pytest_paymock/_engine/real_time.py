"""The real time, as far as a test lets us ask for it."""

import datetime as dt

_GENUINE: type[dt.datetime] = next(base for base in dt.datetime.__mro__ if type(base) is type)
_UTC = dt.UTC


def real_now() -> dt.datetime:
    """Return the present time as an aware ``datetime``.

    ``datetime.datetime`` is looked up at each use, so ``time-machine`` and ``freezegun`` control
    it. A test may have put a class of its own in its place: a time of it without a zone counts as
    UTC. Where it gives no time for a zone, the genuine class does.
    """
    try:
        now = dt.datetime.now(dt.timezone.utc)  # noqa: UP017 - freezegun
    except Exception:  # noqa: BLE001 - it is the test's own class
        return _GENUINE.now(_UTC)
    if not isinstance(now, _GENUINE):  # a mock
        return _GENUINE.now(_UTC)
    return now if now.tzinfo is not None else now.replace(tzinfo=_UTC)
