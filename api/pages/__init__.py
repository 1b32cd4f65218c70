"""The workbench: pages on the same questions and the same acts as the JSON routes. Start with `site.py`."""
