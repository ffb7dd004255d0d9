import pytest

from rapport.kernel.plaintext import TextFault, TextRejected, clean_line, clean_text


def test_a_line_is_composed_and_trimmed() -> None:
    assert clean_line("  Wanjiru\u0303\t Kamau \u00a0", max_chars=20) == "Wanjirũ  Kamau"
    assert clean_line("Otieno\r\n", max_chars=20) == "Otieno"
    assert clean_line("👩🏾‍🔧", max_chars=4) == "👩🏾‍🔧"
    assert clean_line("אוטיינו\u200f", max_chars=20) == "אוטיינו\u200f"


def test_a_text_keeps_its_lines_and_inner_blanks() -> None:
    typed = "\ufeff\r\n  Hello,\r\rsee below\u2028-- \r\nAmina \t\n\n"
    assert clean_text(typed, max_chars=100) == "  Hello,\n\nsee below\n-- \nAmina"


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (None, TextFault.NOT_TEXT), (b"bytes", TextFault.NOT_TEXT), (7, TextFault.NOT_TEXT),
        ("", TextFault.EMPTY), (" \t\n", TextFault.EMPTY), ("\u200b\u2060", TextFault.EMPTY),
        ("a\nb", TextFault.LINE_BREAK), ("a\r\nBcc: b", TextFault.LINE_BREAK),
        ("a\u2028b", TextFault.LINE_BREAK),
        ("a\u0085b", TextFault.LINE_BREAK), ("a\0b", TextFault.CONTROL), ("a\x1bb", TextFault.CONTROL),
        ("a\x7fb", TextFault.CONTROL), ("a\x9fb", TextFault.CONTROL), ("a\x0bb", TextFault.CONTROL),
        ("a\ud800b", TextFault.SURROGATE), ("\udc00", TextFault.SURROGATE),
        ("invoice\u202egpj.exe", TextFault.BIDI), ("a\u2066b", TextFault.BIDI),
        ("x" * 21, TextFault.TOO_LONG), ("x" * 10_000_000, TextFault.TOO_LONG),
        ("e" + "\u0301\u0316" * 20, TextFault.MARKS),
    ],
)  # fmt: skip
def test_lines_are_refused_with_a_code_and_words(value: object, fault: TextFault) -> None:
    with pytest.raises(TextRejected) as refusal:
        clean_line(value, max_chars=20)
    assert refusal.value.code == fault
    assert refusal.value.message == str(refusal.value) and refusal.value.message.endswith(".")


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        ("\n \n", TextFault.EMPTY), ("a\0", TextFault.CONTROL), ("a\x0c", TextFault.CONTROL),
        ("\ud83d", TextFault.SURROGATE), ("x\n" * 50_000, TextFault.TOO_LONG),
        ("e" + "\u0301\u0316" * 100, TextFault.MARKS),
    ],
)  # fmt: skip
def test_texts_are_refused_with_a_code(value: str, fault: TextFault) -> None:
    with pytest.raises(TextRejected) as refusal:
        clean_text(value, max_chars=500)
    assert refusal.value.code == fault


def test_a_text_may_change_direction() -> None:
    assert clean_text("\u202bשלום\u202c", max_chars=20) == "\u202bשלום\u202c"


def test_the_length_is_counted_after_composing() -> None:
    assert clean_line("e\u0301" * 20, max_chars=20) == "é" * 20
    with pytest.raises(TextRejected, match="at most 20 characters, it has 21"):
        clean_line("e\u0301" * 21, max_chars=20)


def test_the_position_of_a_control_character_is_told() -> None:
    with pytest.raises(TextRejected, match=r"U\+0007\) at position 3"):
        clean_line("ab\x07", max_chars=20)
