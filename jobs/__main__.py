"""``python -m ringwatch.jobs`` is the command ``ringwatch``."""

from ringwatch.jobs.cli import main

main()
