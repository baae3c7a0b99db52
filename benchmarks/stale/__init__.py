"""Looks for one stale or private byte: `changes` makes random ones, `reader` processes fetch the same pages at once,
`judge` compares what they got with what was true meanwhile."""
