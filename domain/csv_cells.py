"""Write texts into CSV files so that no spreadsheet takes one for a formula (OWASP, CSV injection)."""

import re

#: What begins a formula in some spreadsheet, after apostrophes that a person or `inert` put there.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def inert(cell: str) -> str:
    """Return a text that a spreadsheet takes for a text: an apostrophe before what would be a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def as_before(cell: str) -> str:
    """Return the text of which `inert` made this cell."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
