"""A large blog made up of nothing: `make crowd N=100000` fills a site for trying out, and can fill that of a benchmark.

`plan` says what stands where, `texts` in which words, `filling` stores it, `clearing` takes it away.
"""
