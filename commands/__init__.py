"""The sub-commands of `recouvra`, one module each; cli.py lists them. They read the settings and put the parts together."""
