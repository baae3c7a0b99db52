"""The search over posts and comments: words in, keys of what holds them out.

`index` is told of every change, in its transaction; `finding` answers. Nothing here stores or shows a text: what is
shown comes from the posts and comments themselves, through their own `visible()`.
"""
