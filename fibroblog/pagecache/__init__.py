"""Public pages from bytes made once: never stale, never private.

A page is rendered from its key alone (`asked`), kept under it (`store`), and served only while the stamps in the
database are those it was made under (`stamps`) and no clock has moved past it. `layer` puts these together, before
Django's own request machinery. `files` also puts pages where nginx finds them, while the stamps are `held`.
"""
