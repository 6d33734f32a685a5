"""Workbooks out of the reception, one module for each noun."""

from reception.reports import lists  # noqa: F401 - registers the lists that can be taken out
from reception.reports import receivables as receivables
