"""Reads a written workbook back and holds it to the Analysis Function's checklist and to safety.

A rule is a function that yields one plain sentence for each failure; its docstring says why.
"""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from openpyxl.utils.exceptions import InvalidFileException

from csip_pipeline.publish import workbook_lint_charts as charts
from csip_pipeline.publish import workbook_lint_package as package
from csip_pipeline.publish import workbook_lint_sheets as sheets
from csip_pipeline.publish import workbook_lint_tables as tables
from csip_pipeline.publish.workbook_read import Written

Rule = Callable[[Written], Iterator[str]]

RULES: tuple[Rule, ...] = (
    sheets.front_sheets_come_first,
    sheets.every_sheet_has_a_title,
    sheets.no_sheet_is_hidden,
    sheets.no_row_or_column_is_hidden,
    sheets.no_cells_are_merged,
    sheets.nothing_is_filtered,
    sheets.no_panes_are_frozen,
    sheets.the_cursor_is_in_a1,
    sheets.the_first_sheet_is_open,
    sheets.there_are_no_comments,
    sheets.there_are_no_headers_or_footers,
    sheets.links_lead_somewhere,
    sheets.links_say_where_they_go,
    sheets.no_values_are_offered,
    tables.every_sheet_has_one_table,
    tables.tables_have_names_of_their_own,
    tables.tables_start_in_column_a,
    tables.nothing_stands_below_or_beside_tables,
    tables.tables_have_one_row_of_headings,
    tables.no_row_is_blank,
    tables.no_column_is_blank,
    tables.no_cell_is_empty,
    tables.every_mark_is_explained,
    charts.charts_have_a_title,
    charts.charts_have_alternative_text,
    charts.charts_plot_tables,
    package.there_are_no_formulas,
    package.nothing_links_out,
    package.nothing_runs,
    package.there_are_no_pictures,
    package.nothing_is_attached,
    package.no_path_is_given_away,
    package.only_print_titles_are_defined,
    package.only_the_cover_says_how_to_reach_anybody,
    package.the_file_says_what_it_is,
    package.text_is_large_and_plain,
)


def lint(path: Path, *, is_worklist: bool = False) -> list[str]:
    """Every failure of a workbook as a sentence naming worksheet and cell; none is good.

    A worklist is filled in by people: it has drop-downs, empty cells and numbered pages.
    """
    try:
        written = Written(path, is_worklist=is_worklist)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile):
        return [f"{path.name} is not a workbook that can be read (.xlsx)."]
    return [failure for rule in RULES for failure in rule(written)]
