"""The parts of an Excel workbook around its rows, as the standard (ECMA-376) has them."""

import re
from collections.abc import Sequence
from xml.sax.saxutils import quoteattr

from oryxforge.domain.sheets import Column

OFFICE = "http://schemas.openxmlformats.org"
MAIN = f'xmlns="{OFFICE}/spreadsheetml/2006/main"'
LINKS = f'xmlns="{OFFICE}/package/2006/relationships"'
LINK = f"{OFFICE}/officeDocument/2006/relationships"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
END = "</sheetData></worksheet>"

FORMATS = {
    "DATE": "yyyy-mm-dd",
    "TIMESTAMP": "yyyy-mm-dd hh:mm:ss",
    "TIMESTAMP WITH TIME ZONE": 'yyyy-mm-dd hh:mm:ss"+00:00"',
    "TIME": "hh:mm:ss",
}
STYLES = {kind: position for position, kind in enumerate(FORMATS, 1)}
HEADER_STYLE = len(FORMATS) + 1
FIRST_FORMAT = 164
WIDTHS = {"DATE": 12, "TIMESTAMP": 20, "TIMESTAMP WITH TIME ZONE": 26, "VARCHAR": 24}
WIDTH, WIDEST = 12, 40
LONGEST_NAME = 31


def parts(title: str) -> dict[str, str]:
    """Every part but the sheet's own, by name."""
    content = {
        "[Content_Types].xml": f'<Types xmlns="{OFFICE}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/{SHEET}" ContentType="{TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPE}.styles+xml"/></Types>',
        "_rels/.rels": f'<Relationships {LINKS}><Relationship Id="rId1" Type="{LINK}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f"<Relationships {LINKS}>"
        f'<Relationship Id="rId1" Type="{LINK}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{LINK}/styles" Target="styles.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{LINK}"><sheets>'
        f'<sheet name={quoteattr(_sheet_name(title))} sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/styles.xml": _styles(),
    }
    return {name: DECLARED + part for name, part in content.items()}


def beginning(columns: Sequence[Column]) -> str:
    """The sheet's part up to its first row: columns wide enough, the first row frozen."""
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{_width(column)}" customWidth="1"/>'
        for n, column in enumerate(columns, 1)
    )
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    return f"{DECLARED}<worksheet {MAIN}>{view}<cols>{widths}</cols><sheetData>"


def _width(column: Column) -> int:
    return max(WIDTHS.get(column.type, WIDTH), min(len(column.name) + 2, WIDEST))


def _sheet_name(title: str) -> str:
    """A title as Excel allows it for a sheet."""
    allowed = "".join(c if c.isprintable() else " " for c in re.sub(r"[\[\]:*?/\\]", " ", title))
    return allowed[:LONGEST_NAME].strip(" '") or "Data"


def _styles() -> str:
    numbered = list(enumerate(FORMATS.values(), FIRST_FORMAT))
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode={quoteattr(f)}/>' for n, f in numbered)
    font = '<sz val="11"/><name val="Calibri"/>'
    plain = 'fontId="0" fillId="0" borderId="0"'
    cells = [
        f'<xf numFmtId="0" {plain} xfId="0"/>',
        *(f'<xf numFmtId="{n}" {plain} xfId="0" applyNumberFormat="1"/>' for n, _ in numbered),
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>',
    ]
    return (
        f'<styleSheet {MAIN}><numFmts count="{len(numbered)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1"><xf numFmtId="0" {plain}/></cellStyleXfs>'
        f'<cellXfs count="{len(cells)}">{"".join(cells)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )
