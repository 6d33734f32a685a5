"""What leaves the callback centre as a workbook or on paper, one module for each noun."""

from callback.reports import days, lists, months, programme, records, requests, showroom  # noqa: F401 - they register themselves
