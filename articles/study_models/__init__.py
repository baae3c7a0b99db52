"""Studies, their groups and numbers, and how posts weigh them: fields and constraints, no behaviour.

Empty means “not reported where we read it”: nothing is ever filled in that the source does not say. Whatever changes
a row goes through `evidence` or `notices`.
"""

from .notice import Notice
from .numbers import Arm, Outcome, Result, TimePoint
from .study import Study
from .weighing import Weighing

__all__ = ["Arm", "Notice", "Outcome", "Result", "Study", "TimePoint", "Weighing"]
