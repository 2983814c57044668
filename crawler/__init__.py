"""TalentWatch 人才政策雷达: watches Chinese talent policy, reads it, tells whom it concerns."""

__version__ = "0.1.0"
