"""Workbooks out of the reception, one module for each noun."""

from reception.reports import lists, paper, parts  # noqa: F401 - registers lists to take out and sheets of the paper pack
from reception.reports import receivables as receivables
