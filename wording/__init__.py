"""The words people read: reasons, amounts, days, labels, in their language."""

from wording.codes import code_label
from wording.figures import amount, capital, day, label
from wording.sentences import sentence

__all__ = ["amount", "capital", "code_label", "day", "label", "sentence"]
