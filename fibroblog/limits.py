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
COMMENTS_PER_NETWORK = env.int("COMMENTS_PER_NETWORK", 30)  # per wider network (IPv4 /24, IPv6 /48)
COMMENTS_PER_SITE = env.int("COMMENTS_PER_SITE", 200)  # from everybody, per RATE_WINDOW_MINUTES
PREVIEWS_PER_ADDRESS = env.int("PREVIEWS_PER_ADDRESS", 60)
CONTACT_PER_ADDRESS = env.int("CONTACT_PER_ADDRESS", 5)
PRESSES_PER_ADDRESS = env.int("PRESSES_PER_ADDRESS", 60)  # "This helped" and "With you"
REPORTS_PER_ADDRESS = env.int("REPORTS_PER_ADDRESS", 10)
CODES_PER_ADDRESS = env.int("CODES_PER_ADDRESS", 10)  # tries of a withdrawal code
RATE_WINDOW_MINUTES = env.int("RATE_WINDOW_MINUTES", 10)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)  # how many of our own proxies add to X-Forwarded-For

# Mail and the people who get it.
CONFIRMATIONS_PER_ADDRESS = env.int("CONFIRMATIONS_PER_ADDRESS", 3)  # mails to one typed address, per day
CONFIRMATIONS_PER_SENDER = env.int("CONFIRMATIONS_PER_SENDER", 5)  # asked for by one network address, per day
CONFIRMATIONS_PER_DAY = env.int("CONFIRMATIONS_PER_DAY", 500)  # of the whole site
CONFIRM_DAYS = env.int("CONFIRM_DAYS", 7)  # then an address that nobody confirmed is forgotten
OWN_PAGES_PER_ADDRESS = env.int(
    "OWN_PAGES_PER_ADDRESS", 10
)  # links to one's own page: by one network address, and to one mail address, per day
OWN_PAGE_HOURS = env.int("OWN_PAGE_HOURS", 24)  # how long a link to one's own page holds
STOP_LINK_DAYS = env.int("STOP_LINK_DAYS", 400)  # how long a link that stops mail holds
DIGEST_HOUR = env.int("DIGEST_HOUR", 17)  # local hour of the daily mail
MAIL_ATTEMPTS = env.int("MAIL_ATTEMPTS", 8)  # then a mail is given up and listed for administrators
MAIL_DAYS = env.int("MAIL_DAYS", 90)  # how long it is known which mail was sent

# Comments: what a sender's record means.
TRUST_APPROVED = env.int("TRUST_APPROVED", 3)  # approved comments of a confirmed person
TRUST_DAYS = env.int("TRUST_DAYS", 90)  # and none declined, binned or removed for so long
DECLINES_TO_HOLD = env.int("DECLINES_TO_HOLD", 2)  # declined or spam, within DECLINED_DAYS
DECLINED_DAYS = env.int("DECLINED_DAYS", 30)
CLAIM_MINUTES = env.int("CLAIM_MINUTES", 20)  # how long others see that a moderator looks at a comment
HANDED_DAYS = env.int("HANDED_DAYS", 3)  # how long a comment stands among those of whom it was handed to
RISK_MAILS_PER_HOUR = env.int(
    "RISK_MAILS_PER_HOUR", 6
)  # to one moderator; then one that says that there are more
DESK_LINK_HOURS = env.int("DESK_LINK_HOURS", 48)  # how long a link in a moderator's mail decides
DESK_MAIL_COMMENTS = env.int("DESK_MAIL_COMMENTS", 20)  # named in one digest for moderators
DESK_MAIL_LENGTH = env.int("DESK_MAIL_LENGTH", 1_000)  # characters of a comment, where they chose its words
GUEST_MEASURE_DAYS = env.int("GUEST_MEASURE_DAYS", 7)  # the longest that a guest is kept from writing
RULE_TEST_COMMENTS = env.int("RULE_TEST_COMMENTS", 500)  # decided comments that a rule is tried on
LEARN_TEXTS = env.int("LEARN_TEXTS", 5_000)  # of the newest decisions, that the learner reads at most
LEARN_AFTER = env.int("LEARN_AFTER", 25)  # new decisions, before it learns anew on the same day

# Akismet, where there is a key.
AKISMET_SECONDS = env.float("AKISMET_SECONDS", 2.0)  # the longest that anybody waits for it
AKISMET_REST_SECONDS = env.int("AKISMET_REST_SECONDS", 60)  # while it is down: so long nobody is made to wait

# Threads: what one page shows.
ROOTS_PER_PAGE = env.int("ROOTS_PER_PAGE", 50)
REPLIES_PER_ROOT = env.int("REPLIES_PER_ROOT", 20)
COMMENTS_PER_PAGE = env.int("COMMENTS_PER_PAGE", 200)
NEW_COMMENTS_COUNTED = env.int(
    "NEW_COMMENTS_COUNTED", 50
)  # "new since your last visit"; more are "50 or more"
QUEUE_PAGE = env.int("QUEUE_PAGE", 20)  # cards on one page of the moderation queue

# Articles.
ARTICLES_PER_PAGE = env.int("ARTICLES_PER_PAGE", 12)
SEARCH_PER_PAGE = env.int("SEARCH_PER_PAGE", 12)  # posts and comments that a search found
SEARCH_RESULTS = env.int("SEARCH_RESULTS", 200)  # of each kind; of more the newest are ranked and shown
ARTICLE_MAX_LENGTH = env.int(
    "ARTICLE_MAX_LENGTH", 100_000
)  # characters of HTML; capped before any parser runs
CORRECTION_NEWS_DAYS = env.int(
    "CORRECTION_NEWS_DAYS", 60
)  # how long a correction stands at the top of its post too
IMAGE_MAX_MEGABYTES = env.int("IMAGE_MAX_MEGABYTES", 12)
IMAGE_MAX_MEGAPIXELS = env.int("IMAGE_MAX_MEGAPIXELS", 50)

# Crossref, where there is a contact address.
CROSSREF_SECONDS = env.float("CROSSREF_SECONDS", 6.0)  # the longest wait for each part of an answer
CROSSREF_STUDIES_PER_DAY = env.int(
    "CROSSREF_STUDIES_PER_DAY", 50
)  # asked again for retractions and corrections
CROSSREF_PAUSE_SECONDS = env.float("CROSSREF_PAUSE_SECONDS", 2.0)  # between two questions

# Requests, sign-in, retention.
PAGE_CACHE_MEGABYTES = env.int(
    "PAGE_CACHE_MEGABYTES", 32
)  # made pages in the memory of each web process; 0: none
PAGE_FILES_MEGABYTES = env.int(
    "PAGE_FILES_MEGABYTES", 256
)  # that each web process writes for nginx in a quarter of an hour, where PAGE_FILES is set
REQUEST_MAX_KILOBYTES = env.int("REQUEST_MAX_KILOBYTES", 1_024)  # a form without its files
LOGIN_ATTEMPTS = env.int("LOGIN_ATTEMPTS", 8)
LOGIN_LOCK_MINUTES = env.int("LOGIN_LOCK_MINUTES", 15)
INVITATION_DAYS = env.int("INVITATION_DAYS", 3)
OWNERSHIP_DAYS = env.int("OWNERSHIP_DAYS", 365)  # how long a browser knows its own comments
UNDO_DAYS = env.int("UNDO_DAYS", 30)
CHANGE_LINK_DAYS = env.int("CHANGE_LINK_DAYS", 30)  # how long the link to a returned comment holds
APPEAL_DAYS = env.int("APPEAL_DAYS", 30)  # so long a refused writer may ask for another look
REFUSED_DAYS = max(UNDO_DAYS, env.int("REFUSED_DAYS", 90))  # then the words of what was refused are deleted
WAITING_DAYS = env.int("WAITING_DAYS", 365)  # likewise of what nobody decided on; 0: they wait for ever
if WAITING_DAYS:
    WAITING_DAYS = max(UNDO_DAYS, WAITING_DAYS)
NETWORK_DAYS = env.int(
    "NETWORK_DAYS", 30
)  # then the hash of a writer's or reporter's network address is dropped
REPORT_DAYS = env.int(
    "REPORT_DAYS", 180
)  # then what reporters wrote is dropped, counted from the moderator's look
TASK_DAYS = env.int("TASK_DAYS", 14)  # how long a finished background task can be looked up
