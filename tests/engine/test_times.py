from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from pytest_paymock._engine.rules import DOCUMENTED
from pytest_paymock._engine.times import digits, iso_text
from tests.engine.support import DETERMINISTIC

TIMES = st.datetimes(timezones=st.just(UTC))


@DETERMINISTIC
@given(TIMES)
@example(datetime(1, 1, 1, tzinfo=UTC))
@example(datetime(999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
def test_times_are_written_as_the_standard_library_writes_them(when):
    written = when.replace(tzinfo=None).isoformat(timespec="seconds")

    assert iso_text(when) == written
    assert digits(when) == "".join(filter(str.isdigit, written))


@DETERMINISTIC
@given(TIMES)
def test_a_token_is_good_for_a_day_from_the_whole_second(when):
    assert DOCUMENTED.token_until(when) == when.replace(microsecond=0) + timedelta(days=1)
