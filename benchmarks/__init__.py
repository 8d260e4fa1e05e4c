"""How fast pytest-paymock is, against floors and peers measured in the same run.

``python -m benchmarks`` needs the extra of the same name: ``pip install -e '.[benchmarks]'``.
"""
