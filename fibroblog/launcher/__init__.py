"""What runs before and around Django: the virtual environment, the supervisor, the checks.

Standard library only; nothing here may import Django or the apps, and no app imports this.
"""
