"""Tables as CSV: what is found out of a file, and what is refused, with line and column."""

import io
import os
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nncore import delimited
from nncore.tables import Table, read_csv

FLOWERS = "length,width,species\n5.1,3.5,setosa\n6.2,2.9,virginica\n4.9,3.0,setosa\n"


def table(text: str | bytes, **choices) -> Table:
    return read_csv(io.BytesIO(text) if isinstance(text, bytes) else io.StringIO(text, newline=""), **choices)


def refusal(text: str | bytes, **choices) -> str:
    with pytest.raises(ValueError, match=r".") as caught:
        table(text, **choices)
    return str(caught.value)


# -- reading --------------------------------------------------------------------------------------


def test_a_table_has_names_columns_and_kinds():
    flowers = table(FLOWERS)
    assert flowers.names == ("length", "width", "species")
    assert flowers.kinds == ("number", "number", "word")
    assert flowers.n_rows == 3
    assert flowers.column("length").tolist() == [5.1, 6.2, 4.9]
    assert flowers.column("length").dtype == np.float64
    assert flowers.column("species").tolist() == ["setosa", "virginica", "setosa"]
    assert flowers.kind("species") == "word"


def test_a_column_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        table(FLOWERS).column("length")[0] = 1


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter):
    assert table(FLOWERS.replace(",", delimiter)).names == ("length", "width", "species")


def test_another_delimiter_can_be_given():
    assert table("a:b\n1:2\n", delimiter=":").column("b").tolist() == [2]


def test_a_delimiter_inside_quotes_does_not_mislead():
    odd = table('name;"size, in cm, or so";kind\nx;1;a\ny;2;b\n')
    assert odd.names == ("name", "size, in cm, or so", "kind")


def test_a_row_that_is_too_short_does_not_mislead_the_search_for_the_delimiter():
    assert refusal("a,b\n1,2\n3,4\n5\n6,7\n") == "line 4: expected 2 fields, got 1"


def test_between_semicolons_or_tabs_the_decimal_sign_may_be_a_comma():
    for delimiter in ";\t":
        assert table(f"a{delimiter}b\n1,5{delimiter}2\n-0,25{delimiter}1e-3\n").column("a").tolist() == [1.5, -0.25]
    assert table("1,5;2,5\n2,5;3,5\n").n_rows == 2, "without a header, the comma would part as evenly as the semicolon"


@pytest.mark.parametrize("text", [FLOWERS.replace("\n", "\r\n"), FLOWERS.replace("\n", "\r"), "\n" + FLOWERS + "\n\n"])
def test_lines_may_end_in_any_way_and_empty_ones_are_passed_over(text):
    assert table(text).n_rows == 3
    assert table(text.encode()).column("species").tolist() == ["setosa", "virginica", "setosa"]


@pytest.mark.parametrize("text", ["\ufeff" + FLOWERS, ("\ufeff" + FLOWERS).encode(), FLOWERS.rstrip("\n")])
def test_a_byte_order_mark_or_a_missing_last_line_end_makes_no_difference(text):
    assert table(text).names == ("length", "width", "species")
    assert table(text).n_rows == 3


def test_fields_may_be_quoted_and_have_quotes_and_line_ends_in_them():
    quoted = table('a,"b"\n"1","he said ""no"""\n2,"two\nlines"\n')
    assert quoted.column("a").tolist() == [1, 2]
    assert quoted.column("b").tolist() == ['he said "no"', "two\nlines"]


@pytest.mark.parametrize("hint", ["sep=;\n", "\ufeffsep=;\r\n", "SEP=;\r"])
def test_a_first_line_for_excel_says_the_delimiter(hint):
    text = hint + "a,b;c\n1;2\n3;x\n5;6\n"
    assert refusal(text) == "line 4, column 'c': 'x' is not a number, as most of the column are"
    assert table(hint + "a,b;c\n1;2\n").names == ("a,b", "c")
    assert table("sep=\t\na,b\tc\n1\t2\n").names == ("a,b", "c")
    assert table(hint + "a,b\n1,2\n", delimiter=",").names == ("a", "b")


def test_space_around_fields_does_not_count():
    assert table("a, b\n 1 , x \n2,y\n").column("b").tolist() == ["x", "y"]


def test_words_in_any_script_are_read(tmp_path):
    path = tmp_path / "früchte.csv"
    path.write_text("größe,art\n1,köstlich\n2,梨\n", encoding="utf-8")
    assert read_csv(path).column("art").tolist() == ["köstlich", "梨"]
    assert read_csv(str(path)).names == ("größe", "art")


def test_a_row_of_many_thousand_fields_is_read():
    wide = table(",".join(f"c{i}" for i in range(20_000)) + "\n" + ",".join(["1.5"] * 20_000) + "\n")
    assert len(wide.names) == 20_000
    assert wide.samples(classes=False).X.shape == (1, 19_999)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a,b\n1,2\n", ("a", "b")),
        ("1,2\n3,4\n", ("column 1", "column 2")),
        ("5.1,setosa\n4.9,setosa\n", ("column 1", "column 2")),
        ("colour,kind\nred,x\nblue,y\n", ("colour", "kind")),
        ("red,x\nblue,y\nred,y\n", ("column 1", "column 2")),
    ],
    ids=["words over numbers", "numbers", "a number among words", "words never repeated", "words repeated"],
)
def test_whether_there_is_a_header_is_found_out(text, names):
    assert table(text).names == names


def test_whether_there_is_a_header_can_be_given():
    assert table("2019,2020\n1,2\n", header=True).names == ("2019", "2020")
    assert table("a,b\nc,d\n", header=False).n_rows == 2


def test_columns_that_are_not_wanted_are_neither_kept_nor_checked():
    chosen = table("id,a,b,note\n1,2,3,\nx,4,5,?\n", inputs=["a"], target="b")
    assert chosen.names == ("a", "b")
    assert chosen.samples().X.tolist() == [[2], [4]]


# -- what is refused --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (" \n\r\n", "the file is empty"),
        ('""\n', "the file is empty"),
        ("a,b\n", "there are names of columns, but no rows below them"),
        ("age,kind\n1,x\n,y\n", "line 3, column 'age': no value"),
        ("age,kind\n1,x\n2,\n", "line 3, column 'kind': no value"),
        ("age,kind\n1,x\nNA,y\n3,x\n", "line 3, column 'age': no value ('NA')"),
        ("age,kind\n1,x\nnan,y\n3,x\n", "line 3, column 'age': no value ('nan')"),
        ("age,kind\n1,x\n2,?\n", "line 3, column 'kind': no value ('?')"),
        ("a,b\n1,2\n\n3\n", "line 4: expected 2 fields, got 1"),
        ("a,b\n1,2\n3,4,5\n", "line 3: expected 2 fields, got 3"),
        ('a,b\n1,"two\nlines"\n3\n', "line 4: expected 2 fields, got 1"),
        ("age,b\n1,2\nold,4\n5,6\n", "line 3, column 'age': 'old' is not a number, as most of the column are"),
        ("age,b\n1,2\n1_000,4\n5,6\n", "line 3, column 'age': '1_000' is not a number, as most of the column are"),
        ("age,b\n1,2\ninf,4\n", "line 3, column 'age': 'inf' is not a finite number"),
        ("age,b\n1,2\n1e999,4\n", "line 3, column 'age': '1e999' is not a finite number"),
        ("a;b\n1,5;2\n1.5;3\n", "line 3, column 'a': '1.5', but line 2 has ',' in it"),
        ("a,b,a\n1,2,3\n", "line 1: columns 1 and 3 have the same name: 'a'"),
        (",b\n1,2\n", "line 1: column 1 has no name"),
        ('a,b\n1,"2\n3,4\n', 'line 2: a quoted field (") has no end'),
        ('a,b\n1,"2"x\n3,4\n', 'line 2: a quoted field (") goes on after its end'),
        (b"a,b\n1,\xff\n", "line 2: not text in UTF-8 (byte 0xff)"),
        (b"a,b\n1,\x002\n", "line 2: not text (it has a zero byte)"),
        (FLOWERS.encode("utf-16"), "line 1: not text in UTF-8 (byte 0xff)"),
        ("a,b\n1," + "x" * 200_000 + "\n", "line 2: field larger than field limit (131072)"),
    ],
)
def test_what_does_not_fit_is_refused_with_line_and_column(text, message):
    assert refusal(text) == message


@pytest.mark.parametrize(
    ("delimiter", "cells"),
    [
        (";", ["1.234,5", "2.345,6"]),
        (";", ["1,234,567", "2,345,678", "12"]),
        (",", ['"1,234"', '"5,678"']),
        (",", ['"1,5"', '"0,25"']),
        (",", ["1%", "2.5 %", "3"]),
        (",", ["0x10", "0xff"]),
        (",", ["1'000", "20'000"]),
        (",", ["1 000", "20\u00a0000"]),
        (",", ["1_000", "2_000"]),
        (",", ["−5", "−6.5"]),
    ],
)
def test_a_column_of_numbers_that_are_written_otherwise_is_refused(delimiter, cells):
    text = f"id{delimiter}price\n" + "".join(f"{i}{delimiter}{cell}\n" for i, cell in enumerate(cells))
    comma = "1234,5, " if delimiter == ";" else ""
    cell = cells[0].strip('"')
    assert refusal(text) == (
        f"line 2, column 'price': '{cell}' looks like a number, but is not written as one is read:"
        f" possible are 1234.5, {comma}-3 and 2e-6"
    )


def test_words_with_digits_in_them_stay_words():
    for words in (["1%", "other"], ["1.2.3", "1.2.4"], ["2020-01-05", "2020-01-06"], ["12:30", "13:45"], ["a1", "0xg"]):
        assert table("n,word\n" + "".join(f"1,{word}\n" for word in words)).kinds == ("number", "word")


def test_a_long_cell_is_not_shown_whole():
    message = refusal("a,b\n1,2\n" + "x" * 5000 + ",3\n4,5\n")
    assert message == f"line 3, column 'a': '{'x' * 39}…' is not a number, as most of the column are"


def test_a_message_begins_with_the_name_of_the_file(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("age,kind\n1,x\n,y\n")
    with pytest.raises(ValueError, match=r"^people\.csv: line 3, column 'age': no value$"):
        read_csv(path)
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    with pytest.raises(ValueError, match=r"^people\.csv: line 1: not text in UTF-8 \(byte 0x89\)$"):
        read_csv(path)


@pytest.mark.parametrize("wrong", [5.0, None, "", "a\0b", b"a.csv", ["a.csv"]], ids=repr)
def test_what_is_no_file_is_refused(wrong):
    with pytest.raises(ValueError, match=f"^{re.escape(f'read_csv: expected the path of a file, got {wrong!r}')}$"):
        read_csv(wrong)


def test_an_open_file_that_cannot_be_read_is_refused(tmp_path):
    path = tmp_path / "people.csv"
    path.write_bytes("größe,art\n1,x\n".encode("latin-1"))
    message = r"^line 1: not text in utf-8, as which the file was opened \(byte 0xf6\)$"
    with path.open(encoding="utf-8") as file, pytest.raises(ValueError, match=message):
        read_csv(file)
    with pytest.raises(ValueError, match=r"^the file cannot be read: .*closed"):
        read_csv(file)
    with path.open("w") as file, pytest.raises(ValueError, match=r"^the file cannot be read: not readable$"):
        read_csv(file)


def test_an_encoding_error_names_the_line_whatever_ends_lines_and_whoever_opened_the_file(tmp_path):
    path = tmp_path / "people.csv"
    for end in (b"\n", b"\r\n", b"\r"):
        path.write_bytes(end.join([b"age,kind", b"1,x", b"2,\xff"]))
        assert refusal(path.read_bytes()) == "line 3: not text in UTF-8 (byte 0xff)"
        for encoding in ("utf-8", "ascii"):
            with path.open(encoding=encoding) as file, pytest.raises(ValueError, match=r"^line 3: not text in "):
                read_csv(file)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    path.touch()
    os.truncate(path, 10**9 + 1)  # without a block on the disk
    message = "the file is too large for a table: 1,000,000,001 bytes, 1,000,000,000 are possible"
    with pytest.raises(ValueError, match=f"^large\\.csv: {message}$"):
        read_csv(path)
    monkeypatch.setattr(delimited, "MAX_SIZE", 10)
    assert refusal("a,b\n1,2\n3,4\n") == "the file is too large for a table: 12 bytes, 10 are possible"


@pytest.mark.skipif(os.name != "posix", reason="pipes and devices have no paths there")
def test_pipes_and_devices_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    for path in (tmp_path / "pipe", tmp_path / "link", Path("/dev/zero")):
        with pytest.raises(ValueError, match=f"^{re.escape(str(path))}: not a regular file$"):
            read_csv(path)
    with pytest.raises(IsADirectoryError):
        read_csv(tmp_path)


def test_a_file_that_is_not_there_is_an_os_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_csv(tmp_path / "none.csv")


def test_impossible_choices_say_what_is_possible():
    assert refusal(FLOWERS, target="colour") == "there is no column 'colour'; possible: length, width, species"
    assert refusal(FLOWERS, inputs=["size"]) == "there is no column 'size'; possible: length, width, species"
    assert refusal(FLOWERS, inputs=["width"], target="width") == "column 'width' cannot be an input: it is the target"
    assert refusal(FLOWERS, inputs=["width", "width"]) == "column 'width' is named twice as an input"
    assert refusal(FLOWERS, inputs=["length", "width", "species"]) == (
        "every column is an input: none is left as the target"
    )
    for wrong in (5, [5], [["width"]]):
        assert refusal(FLOWERS, inputs=wrong).startswith("inputs: expected names, got ")
    assert refusal(FLOWERS, target=5) == "there is no column '5'; possible: length, width, species"
    assert refusal(FLOWERS, header="x") == "header: expected True, False or None, got 'x'"
    for delimiter in ("", "ab", '"', "\n"):
        assert refusal(FLOWERS, delimiter=delimiter).startswith("expected one character as delimiter, such as")


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_whatever_is_in_a_file_there_is_a_table_or_a_clear_refusal(content):
    try:
        message, samples = None, table(content).samples()
    except ValueError as error:
        message, samples = str(error), None
    assert message is None or re.match(r"line \d+|column|there |the file|expected", message)
    assert samples is None or np.isfinite(samples.X).all()


# -- samples --------------------------------------------------------------------------------------


def test_the_last_column_is_the_target_and_the_others_are_inputs():
    X, y, class_names, input_names = table(FLOWERS).samples()
    assert X.tolist() == [[5.1, 3.5], [6.2, 2.9], [4.9, 3.0]]
    assert y.tolist() == [[0], [1], [0]]
    assert class_names == ("setosa", "virginica")
    assert input_names == ("length", "width")
    assert (X.dtype, y.dtype) == (np.float64, np.float64)


def test_target_and_inputs_can_be_chosen_when_reading_or_later():
    flowers = table(FLOWERS, target="length", inputs=["width"])
    assert flowers.samples().y.tolist() == [[5.1], [6.2], [4.9]]
    assert flowers.samples().input_names == ("width",)
    assert flowers.samples(target="width", inputs=["length"]).X.tolist() == [[5.1], [6.2], [4.9]]
    assert table(FLOWERS).samples(inputs=["width", "length"]).X[0].tolist() == [3.5, 5.1], "in the order asked for"


def test_classes_are_in_the_order_of_the_alphabet_whatever_comes_first():
    samples = table("a,answer\n1,yes\n2,no\n3,yes\n").samples()
    assert samples.class_names == ("no", "yes")
    assert samples.y.tolist() == [[1], [0], [1]]


@pytest.mark.parametrize(
    ("targets", "class_names"),
    [
        ([0, 1, 1, 0], ("0", "1")),
        ([10, 2, 10, 2], ("2", "10")),
        ([0.5, 1.5, 0.5, 1.5], ()),
        ([1, 2, 3, 4], ()),
        ([*range(11)] * 3, ()),
        ([*range(10)] * 3, tuple("0123456789")),
    ],
    ids=["0 and 1", "in the order of numbers", "not whole", "one row of each", "eleven", "ten"],
)
def test_whole_numbers_are_classes_where_there_are_few_and_each_comes_often(targets, class_names):
    text = "a,b\n" + "".join(f"{i},{target}\n" for i, target in enumerate(targets))
    assert table(text).samples().class_names == class_names


def test_whether_numbers_are_classes_can_be_said():
    quarter = table("a,b\n1,0.25\n2,0.5\n3,0.25\n")
    assert quarter.samples(classes=True).class_names == ("0.25", "0.5")
    assert quarter.samples(classes=True).y.tolist() == [[0], [1], [0]]
    label = table("a,b\n1,0\n2,1\n3,1\n4,0\n").samples(classes=False)
    assert (label.class_names, label.y.tolist()) == ((), [[0], [1], [1], [0]])


def test_words_as_inputs_become_one_input_each():
    samples = table("colour,size,kind\nred,1,x\nblue,2,y\nred,3,x\n").samples()
    assert samples.input_names == ("colour = blue", "colour = red", "size")
    assert samples.X.tolist() == [[0, 1, 1], [1, 0, 2], [0, 1, 3]]


def test_what_cannot_be_learned_is_refused_with_the_column():
    def refused(text: str, **choices) -> str:
        with pytest.raises(ValueError, match=r".") as caught:
            table(text).samples(**choices)
        return str(caught.value)

    names = "name,kind\n" + "".join(f"n{i},{'xy'[i % 2]}\n" for i in range(120))
    assert refused("a,species\n1,setosa\n2,setosa\n", target="species") == (
        "column 'species' has one class only: 'setosa'"
    )
    assert refused("a,b\n1,3\n2,3\n") == "column 'b' has one class only: '3'"
    assert refused(names) == (
        "column 'name' has 120 different words: at most 20 can be inputs; name the inputs without it"
    )
    assert refused(names, target="name") == "column 'name' has 120 different values: at most 100 can be classes"
    assert refused(FLOWERS, classes=False) == (
        "column 'species' has words, which are classes: they cannot be learned as values"
    )
    assert refused("a\n1\n2\n") == "expected at least one column as an input besides the target"
    assert refused(FLOWERS, inputs=[]) == "expected at least one column as an input besides the target"
    assert refused(FLOWERS, inputs="species") == "column 'species' cannot be an input: it is the target"
    assert refused(FLOWERS, inputs=5) == "inputs: expected names, got 5"
    assert refused(FLOWERS, classes="x") == "classes: expected True, False or None, got 'x'"
    assert refused(FLOWERS, target="none") == "there is no column 'none'; possible: length, width, species"


def test_what_cannot_be_learned_is_refused_with_the_name_of_the_file(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("age,kind\n1,x\n2,x\n")
    people = read_csv(path)
    assert people.file == "people.csv"
    assert table(FLOWERS).file == ""
    with pytest.raises(ValueError, match=r"^people\.csv: column 'kind' has one class only: 'x'$"):
        people.samples()


def test_a_table_has_columns_of_one_length_each_with_a_name_and_a_kind():
    one, two = np.ones(1), np.ones(2)
    for names, columns, kinds in (((), (), ()), (("a",), (one, one), ("number",) * 2), (("a",), one, ("number",))):
        with pytest.raises(ValueError, match=r"^table: expected names, columns and kinds as tuples of one length, at "):
            Table(names, columns, kinds, "a", None)  # type: ignore[arg-type]
    for columns in ((one, two), (one[:0], one[:0]), (np.ones((1, 1)), np.ones((1, 1))), (1.0, 2.0)):
        with pytest.raises(
            ValueError, match=r"^table: expected columns as arrays of one length \(n_rows,\), at least "
        ):
            Table(("a", "b"), columns, ("number", "number"), "b", None)  # type: ignore[arg-type]
