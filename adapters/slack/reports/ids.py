"""Define the ids of interactive elements of reports."""

from enum import StrEnum


class ReportAction(StrEnum):
    """`action_id`s."""

    SHARE = "report.share"
    CHART = "report.chart"
    TABLE = "report.table"
    DIGEST_PREVIEW = "report.digest_preview"
    DIGEST_SEND = "report.digest_send"
    EXPLAIN = "report.explain"
    LEDGER_TABLE = "report.ledger_table"
    OUTLOOK_TABLE = "report.outlook_table"
    OUTLOOK_EXPLAIN = "report.outlook_explain"
    TEAM_REFRESH = "report.team_refresh"


class ReportCallback(StrEnum):
    """`callback_id`s of views, which are only shown."""

    TABLE = "report_table"
    EXPLAIN = "report_explain"
