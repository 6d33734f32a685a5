"""Sheets 辅料领用, 工时扣除 and 工时定额 of the import workbook. Source: spec `interfaces.md`, `workshop.md`."""

from workshop.resources import catalogue, supplies  # noqa: F401
