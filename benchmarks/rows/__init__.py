"""One module for each measurement. Its ``rows(run)`` starts what it needs, yields `table.Row`s, and ends what it started.

Each is run in a process and with a DATA_DIR of its own (`benchmarks.one`), so that none begins from what another left.
"""
