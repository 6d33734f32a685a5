"""Workbooks out of the reception, one module for each noun."""
