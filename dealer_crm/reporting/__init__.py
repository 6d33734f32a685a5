"""Reports: one object becomes a page, a workbook and a CSV file; monthly ones are kept as they were made."""
