"""What leaves on paper and by mail: a draft is frozen first, then laid out as a letter or as an e-mail.

Start with `drafts.py`; `letters.py` and `emails.py` lay it out, `smtp.py` carries an e-mail to its server.
"""
