"""Questions in and out: one module for each format, registered here."""

from quizzes.exchange import aiken, csv_bank, gift, moodlexml, qti, yaml_bank
from quizzes.exchange.registry import register

for each in (aiken, gift, csv_bank, yaml_bank, moodlexml):
    register(each.FORMAT)
register(qti.FORMAT)
register(qti.FORMAT3)
