"""Rows as measures yield them."""

from benchmarks.rows import Row, Unit, at_least, at_most

MET = Row("S3", "paymock", 1.1, at_most(1.12), note="11 / 10")
MISSED = Row("S7", "live server / paymock", 2.5, at_least(3))
PEER = Row("S3", "respx <static>", 1.6784)
UNKNOWN = Row("S3", "paymock", None, at_most(1.12), note="no valgrind")
SMALL = Row("S9", "memory", 489.4, at_most(600), Unit.BYTES)
LARGE = Row("S9", "memory elsewhere", 9220.0, unit=Unit.BYTES)
NONE = Row("S1", "modules", 0, at_most(0), Unit.COUNT)
