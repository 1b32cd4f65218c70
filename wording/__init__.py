"""The words people read: reasons, amounts, days, labels, in their language."""

from wording.figures import amount, day, label

__all__ = ["amount", "day", "label"]
