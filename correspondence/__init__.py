"""What leaves on paper and by mail: a draft is frozen first, then laid out as a letter or as an e-mail.

Start with `drafts.py`; `letters.py` and `emails.py` lay it out, `smtp.py` carries an e-mail to its server.
"""

from correspondence.drafts import Draft, draft
from correspondence.emails import email_message
from correspondence.letters import letter_name, letter_pdf
from correspondence.recipients import NoUsableAddress

__all__ = ["Draft", "NoUsableAddress", "draft", "email_message", "letter_name", "letter_pdf"]
