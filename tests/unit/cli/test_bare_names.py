"""Tables of local files without their schema."""

from oryxforge.bootstrap.bare_names import BareNames
from oryxforge.domain.chats import Piece, PieceKind

BARE = BareNames(["sales", "2024 x"])


def test_the_schema_is_left_out_in_words_and_sql() -> None:
    assert BARE.of(Piece.text('from main.sales; "main"."sales"')).content == 'from sales; "sales"'


def test_other_names_stay() -> None:
    said = "domain.sales main.salesmen x.main.sales main.other"
    assert BARE.of(Piece.text(said)).content == said


def test_cells_stay_as_they_are() -> None:
    table = {"headers": ["t"], "data": [["main.sales"]]}
    provenance = {"code": 'select * from "main"."sales"'}
    piece = BARE.of(Piece(PieceKind.ARTIFACT, metadata={"table": table, "provenance": provenance}))
    assert piece.metadata == {"table": table, "provenance": {"code": 'select * from "sales"'}}
