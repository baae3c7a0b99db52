"""Every number that an operator may change: read from the environment once, named here, listed in the README.

What an operator may set is read nowhere else in the code.
"""

import environ

env = environ.Env()

# Comments: what one may send.
COMMENT_MAX_LENGTH = env.int("COMMENT_MAX_LENGTH", 10_000)  # characters of text as typed
NAME_MAX_LENGTH = 60  # characters; the width of the column
COMMENT_EDIT_MINUTES = env.int("COMMENT_EDIT_MINUTES", 30)
COMMENT_MIN_SECONDS = env.int("COMMENT_MIN_SECONDS", 4)  # less time on the form is a reason to look twice
COMMENT_MAX_LINKS = env.int("COMMENT_MAX_LINKS", 2)  # more links are a reason to look twice
COMMENT_REPEAT_DAYS = env.int("COMMENT_REPEAT_DAYS", 30)  # how far back the same text is looked for

# Comments: how many, counted in the database so that every process sees the same number.
COMMENTS_PER_ADDRESS = env.int("COMMENTS_PER_ADDRESS", 6)  # per network address and RATE_WINDOW_MINUTES
COMMENTS_PER_SITE = env.int("COMMENTS_PER_SITE", 200)  # from everybody, per RATE_WINDOW_MINUTES
PREVIEWS_PER_ADDRESS = env.int("PREVIEWS_PER_ADDRESS", 60)
CONTACT_PER_ADDRESS = env.int("CONTACT_PER_ADDRESS", 5)
CODES_PER_ADDRESS = env.int("CODES_PER_ADDRESS", 10)  # tries of a withdrawal code
RATE_WINDOW_MINUTES = env.int("RATE_WINDOW_MINUTES", 10)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)  # how many of our own proxies add to X-Forwarded-For

# Threads: what one page shows.
ROOTS_PER_PAGE = env.int("ROOTS_PER_PAGE", 50)
REPLIES_PER_ROOT = env.int("REPLIES_PER_ROOT", 20)
COMMENTS_PER_PAGE = env.int("COMMENTS_PER_PAGE", 200)
QUEUE_PAGE = env.int("QUEUE_PAGE", 20)  # cards on one page of the moderation queue

# Articles.
ARTICLES_PER_PAGE = env.int("ARTICLES_PER_PAGE", 12)
ARTICLE_MAX_LENGTH = env.int(
    "ARTICLE_MAX_LENGTH", 100_000
)  # characters of HTML; capped before any parser runs
IMAGE_MAX_MEGABYTES = env.int("IMAGE_MAX_MEGABYTES", 12)
IMAGE_MAX_MEGAPIXELS = env.int("IMAGE_MAX_MEGAPIXELS", 50)

# Requests, sign-in, retention.
REQUEST_MAX_KILOBYTES = env.int("REQUEST_MAX_KILOBYTES", 1_024)  # a form without its files
LOGIN_ATTEMPTS = env.int("LOGIN_ATTEMPTS", 8)
LOGIN_LOCK_MINUTES = env.int("LOGIN_LOCK_MINUTES", 15)
INVITATION_DAYS = env.int("INVITATION_DAYS", 3)
OWNERSHIP_DAYS = env.int("OWNERSHIP_DAYS", 365)  # how long a browser knows its own comments
UNDO_DAYS = env.int("UNDO_DAYS", 30)
NETWORK_DAYS = env.int("NETWORK_DAYS", 30)  # then the hash of a writer's network address is dropped
TASK_DAYS = env.int("TASK_DAYS", 14)  # how long a finished background task can be looked up
