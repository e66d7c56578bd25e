"""Cells of a comma-separated file, quoted where they must be."""


def cell(text: str) -> str:
    """A text as one cell: in quotation marks where it holds a comma, a quote or a line end."""
    if not any(mark in text for mark in ',"\n'):
        return text
    return '"' + text.replace('"', '""') + '"'
