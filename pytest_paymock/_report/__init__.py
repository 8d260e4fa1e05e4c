"""The report over a whole run: facts of each test, and the two files that can be made of them.

A worker of ``pytest-xdist`` collects the facts of its tests, the controller makes the files. Knows
no pytest: the hooks are in ``_pytest/reporting.py``.
"""
