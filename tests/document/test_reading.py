"""Files of somebody's own: from text to a sheet of columns, and from columns to samples."""

import os
import re
import sys

import numpy as np
import pytest

from playground.document import edits, reading
from playground.document.reading import plane_domain, read_sheet, table_from
from playground.document.spec import Spec, decode, encode

FLOWERS = "length,width,colour,kind\n1,5,red,rose\n2,3,blue,iris\n3,4,red,iris\n4,4,blue,tulip\n6,1,red,tulip\n"


@pytest.fixture
def sheet_of(tmp_path):
    def read(text: str | bytes, name: str = "own.csv"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_sheet(path)

    return read


def exactly(text: str) -> str:
    return f"^{re.escape(text)}$"


def pairs(rows) -> str:
    return "a,b,kind\n" + "".join(f"{a},{b},{kind}\n" for a, b, kind in rows)


# -- from a file to a sheet ---------------------------------------------------------------------------


def test_a_sheet_says_what_its_columns_hold(sheet_of):
    sheet = sheet_of(FLOWERS)
    assert sheet.names == ("length", "width", "colour", "kind")
    assert [each.kind for each in sheet.columns] == ["number", "number", "word", "word"]
    assert sheet.column("colour").distinct == ["blue", "red"]
    assert (sheet.count, sheet.delimiter, sheet.header) == (5, ",", True)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
def test_a_name_that_is_no_text_can_be_sent_and_kept_all_the_same(sheet_of):
    sheet = sheet_of(FLOWERS, name=os.fsdecode(b"fl\xffowers\n.csv"))
    assert sheet.file == "fl\ufffdowers\ufffd.csv"
    assert decode(encode(edits.open_table(table_from(sheet, ["length", "width"], "kind"))(Spec())))
    with pytest.raises(ValueError, match=exactly("fl\ufffd.csv: the file is empty")):
        sheet_of("", name=os.fsdecode(b"fl\xff.csv"))


def test_the_last_column_is_learned_from_the_others_unless_one_has_a_usual_name(sheet_of):
    assert sheet_of(FLOWERS).usual_roles() == (("length", "width", "colour"), "kind")
    assert sheet_of("label,a,b\n0,1,2\n1,2,3\n").usual_roles() == (("a", "b"), "label")


def test_columns_that_cannot_be_used_as_they_are_are_no_inputs_at_first(sheet_of):
    names = "".join(f"{i},word {i},1,{'' if i == 3 else i % 2},{i % 3}\n" for i in range(30))
    sheet = sheet_of("number,name,constant,holes,kind\n" + names)
    assert sheet.usual_roles() == (("number",), "kind")


def test_semicolons_and_decimal_commas_are_understood(sheet_of):
    sheet = sheet_of("Größe;Art\n1,5;gut\n2,5;böse\n")
    assert sheet.delimiter == ";"
    assert sheet.column("Größe").distinct == [1.5, 2.5]
    assert sheet.column("Größe").decimal_comma


def test_columns_without_a_name_are_called_by_their_place(sheet_of):
    assert sheet_of(",x,y\n0,1,2\n1,2,3\n").names == ("column 1", "x", "y")
    without = sheet_of("1,2,3\n4,5,6\n")
    assert (without.names, without.count, without.header) == (("column 1", "column 2", "column 3"), 2, False)


def test_of_too_many_rows_some_are_looked_at_always_the_same(sheet_of, monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 50)
    text = "a,b\n" + "".join(f"{i},{i % 7}\n" for i in range(1000))
    sheet, again = sheet_of(text), sheet_of(text)
    lines = [row.line for row in sheet.head]
    assert (sheet.n_rows, sheet.count) == (50, 1000)
    assert lines == [row.line for row in again.head] == sorted(set(lines))
    assert len([line for line in lines if line > 500]) > 10, "they come from all over the file"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "own.csv: the file is empty"),
        ("a,b\n", "own.csv: there are names of columns, but no rows below them"),
        ("a,b,c\n1,2,3\n4,5\n", "own.csv: line 3: expected 3 fields, got 2"),
        ("a,b,a\n1,2,3\n", "own.csv: line 1: columns 1 and 3 have the same name: 'a'"),
        ('a,b\n"1,2\n', 'own.csv: line 2: a quoted field (") has no end'),
        (b"a,b\n1,\x00\n", "own.csv: line 2: not text (it has a zero byte)"),
        ("größe,b\n1,2\n".encode("latin-1"), "own.csv: line 1: not text in UTF-8 (byte 0xf6); save it as “CSV UTF-8”"),
        (",".join("x" * 1001), "own.csv: the file has 1,001 columns; there is room for 1,000"),
    ],
)
def test_what_is_no_table_is_told_in_one_sentence_with_its_line(sheet_of, content, said):
    with pytest.raises(ValueError, match=exactly(said)):
        sheet_of(content)


def test_what_cannot_be_read_is_told(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"^none\.csv cannot be read: no such file or directory$"):
        read_sheet(tmp_path / "none.csv")
    with pytest.raises(ValueError, match=r"cannot be read: is a directory$"):
        read_sheet(tmp_path)
    monkeypatch.setattr(reading, "MAX_BYTES", 2_000_000)
    (tmp_path / "large.csv").write_bytes(b"a,b\n" + b"1,2\n" * 600_000)
    with pytest.raises(ValueError, match=r"^large\.csv: the file has 2\.4 MB; there is room for 2 MB$"):
        read_sheet(tmp_path / "large.csv")


# -- from a sheet to samples --------------------------------------------------------------------------


def test_more_than_two_classes_are_numbered_in_the_order_of_their_names(sheet_of):
    table = table_from(sheet_of(FLOWERS), ["length"], "kind")
    assert (table.task, table.class_names, table.label) == ("classes", ("iris", "rose", "tulip"), "own.csv")
    assert table.rows.y.tolist() == [1, 0, 0, 2, 2]


def test_two_classes_are_minus_one_and_plus_one(sheet_of):
    table = table_from(sheet_of(FLOWERS), ["length"], "colour")
    assert (table.task, table.class_names) == ("binary", ("blue", "red"))
    assert table.rows.y.tolist() == [1, -1, 1, -1, 1]


def test_numbers_are_classes_or_values_as_one_wishes(sheet_of):
    sheet = sheet_of(pairs((i, 2 * i, i % 2) for i in range(8)))
    assert table_from(sheet, ["a"], "kind").task == "binary"
    values = table_from(sheet, ["a"], "kind", classes=False)
    assert (values.task, values.class_names) == ("regression", ())
    assert values.rows.y.tolist() == [0, 1] * 4


def test_one_or_many_inputs_are_kept_raw_for_the_network_to_standardise(sheet_of):
    table = table_from(sheet_of(FLOWERS), ["length", "width", "colour"], "kind")
    assert table.input_names == ("length", "width", "colour = blue", "colour = red")
    assert table.standardize
    np.testing.assert_array_equal(table.rows.X[0], [1, 5, 0, 1])
    assert not table_from(sheet_of(FLOWERS), ["length"], "kind", standardize=False).standardize


def test_two_inputs_are_points_of_the_plane_standardised_at_once(sheet_of):
    table = table_from(sheet_of(FLOWERS), ["length", "width"], "kind")
    assert table.input_names == ("length (standardised)", "width (standardised)")
    np.testing.assert_allclose(table.rows.X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(table.rows.X.std(axis=0), 1)
    assert not table.standardize
    spec = edits.open_table(table)(Spec())
    assert (spec.is_plane, spec.features) == (True, ("x1", "x2"))


def test_two_inputs_stay_as_they_are_if_one_wishes(sheet_of):
    table = table_from(sheet_of(FLOWERS), ["length", "width"], "kind", standardize=False)
    assert (table.input_names, table.domain) == (("length", "width"), (-6.0, 6.0))
    np.testing.assert_array_equal(table.rows.X[:, 0], [1, 2, 3, 4, 6])


@pytest.mark.parametrize(
    ("reach", "shown"), [(6.0, 6.0), (4.6, 6.0), (3.6, 4.0), (2.1, 2.4), (0.9, 1.0), (41.0, 50.0), (0.0, 1.0)]
)
def test_the_plane_reaches_as_far_as_its_points_need(reach, shown):
    assert plane_domain(np.array([[reach, -reach / 3]])) == (-shown, shown)


def test_a_target_of_values_can_be_standardised_and_is_called_so(sheet_of):
    sheet = sheet_of("size,price\n1,100000\n2,300000\n3,200000\n4,700000\n5,900000\n")
    table = table_from(sheet, ["size"], "price", standardize_target=True)
    assert table.label == "own.csv (price, standardised)"
    np.testing.assert_allclose([table.rows.y.mean(), table.rows.y.std()], [0, 1], atol=1e-12)
    assert table_from(sheet, ["size"], "price").rows.y[0] == 100000


def test_rows_with_missing_values_are_left_out_where_that_is_said(sheet_of):
    sheet = sheet_of(pairs([(1, 2, "x"), ("", 3, "y"), (4, "?", "x"), (5, 6, "y"), (7, 8, "x")]))
    said = "line 3, column 'a': no value; leave out 2 rows without one, or do without the column"
    with pytest.raises(ValueError, match=exactly(said)):
        table_from(sheet, ["a", "b"], "kind")
    assert table_from(sheet, ["a", "b"], "kind", leave_out=True, standardize=False).rows.X.tolist() == [
        [1, 2], [5, 6], [7, 8],
    ]  # fmt: skip
    assert table_from(sheet, ["b"], "kind", leave_out=True).n_rows == 4  # the hole in `a` does not matter


def test_of_more_numbers_than_a_table_holds_some_rows_are_taken(sheet_of, monkeypatch):
    monkeypatch.setattr(reading, "MAX_NUMBERS", 100)
    sheet = sheet_of(pairs((i, -i, "xy"[i % 2]) for i in range(60)))
    table = table_from(sheet, ["a", "b"], "kind")
    assert table.n_rows == 25
    assert table == table_from(sheet, ["a", "b"], "kind")


@pytest.mark.parametrize(
    ("text", "inputs", "target", "said"),
    [
        (FLOWERS, [], "kind", "choose at least one input beside the target"),
        (FLOWERS, ["length", "kind"], "kind", "column 'kind' cannot be an input: it is the target"),
        ("a,b,c\n5,2,x\n5,3,y\n", ["a"], "c",
         "column 'a' has the same value in every row: nothing can be learned from it"),
        ("a,b,c\n5,2,x\n6,3,x\n", ["a"], "c", "column 'c' has the same value in every row: there is nothing to learn"),
        ("a,b,c\n5,2,x\n6,3,y\n7,q,y\n", ["b"], "c",
         "line 4, column 'b': 'q' is not a number, as most of the column are"),
        ("a,c\n1,x\ninf,y\n2,y\n", ["a"], "c", "line 3, column 'a': 'inf' is not a finite number"),
        ("a,c\n1,x\n1e30,y\n2,y\n", ["a"], "c", "column 'a' has numbers beyond 1e+12"),
        ("a,b,c\n1,,x\n2,,y\n", ["b"], "c", "column 'b' has no values"),
        (pairs((i, i, f"w{i}") for i in range(21)), ["a"], "kind",
         "column 'kind' has 21 different words: at most 10 can be classes"),
        (pairs((i, i, f"w{i}") for i in range(21)), ["kind"], "a",
         "column 'kind' has 21 different words: at most 20 can be inputs"),
    ],
)  # fmt: skip
def test_what_cannot_be_learned_is_told_with_its_column(sheet_of, text, inputs, target, said):
    with pytest.raises(ValueError, match=exactly(said)):
        table_from(sheet_of(text), inputs, target)


def test_more_than_ten_numbers_are_no_classes(sheet_of):
    sheet = sheet_of(pairs((i, 2 * i, i) for i in range(12)))
    with pytest.raises(ValueError, match="column 'kind' has 12 different values: at most 10 can be classes"):
        table_from(sheet, ["a"], "kind", classes=True)
