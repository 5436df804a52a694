"""What mockcloud costs, beside what its neighbours cost in the same run: `python -m benchmarks [--quick]`.

`targets.py` is the table of subjects, references and targets; `measure.py` says how anything is measured; `traffic.py` has
the requests; `handle.py`, `in_process.py`, `served.py` and `starting.py` each hold one group of subjects; `report.py` writes
RESULTS.md.
"""
