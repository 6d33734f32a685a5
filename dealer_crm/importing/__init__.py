"""Workbooks in: reading them safely, finding every mistake, showing the difference, writing all or nothing."""
