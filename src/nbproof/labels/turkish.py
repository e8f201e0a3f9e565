"""Endings of Turkish numbers in figures: 165'i, 3'ten, 2019'da, as the number is read aloud."""

import re

# The last word of a number read aloud: a digit, a ten, then the powers of ten.
DIGITS = ["sıfır", "bir", "iki", "üç", "dört", "beş", "altı", "yedi", "sekiz", "dokuz"]
TENS = ["", "on", "yirmi", "otuz", "kırk", "elli", "altmış", "yetmiş", "seksen", "doksan"]
POWERS = {9: "milyar", 6: "milyon", 3: "bin", 2: "yüz"}
CLOSE = str.maketrans("aeıioöuü", "ıiıiuüuü")  # the close vowel that follows each
OPEN = str.maketrans("aeıioöuü", "aeaeaeae")
# Each case: what comes between two vowels, and the ending; V a close vowel, A an open one, D d or t.
ENDINGS = {
    "i": ("s", "V"), "ini": ("s", "VnV"), "inde": ("s", "VndA"), "inin": ("s", "VnVn"),
    "de": ("", "DA"), "den": ("", "DAn"), "e": ("y", "A"), "in": ("n", "Vn"),
}  # fmt: skip


def inflect(figures: str, case: str) -> str:
    """A number in figures with its ending after an apostrophe.

    figures: as Turkish writes it, such as "1.234", "0,92" or "%80". case: "i" possessive ("ini",
    "inde", "inin" with one more), "de" locative, "den" ablative, "e" dative, "in" genitive. Raises
    IndexError if it holds no digit, KeyError for another case.
    """
    whole, comma, part = re.findall(r"([\d.]+)(,?)(\d*)\D*$", figures)[0]
    word = spoken(int(part if comma and part else whole.replace(".", "")))
    vowel = [letter for letter in word if letter in "aeıioöuü"][-1]
    buffer, ending = ENDINGS[case]
    ending = ending.replace("D", "t" if word[-1] in "çkptşfsh" else "d")
    ending = ending.replace("V", vowel.translate(CLOSE)).replace("A", vowel.translate(OPEN))
    return f"{figures}'{buffer if word[-1] in 'aeıioöuü' else ''}{ending}"


def spoken(number: int) -> str:
    """The last word of a number read aloud."""
    if number % 10 or number == 0:
        return DIGITS[number % 10]
    if number % 100:
        return TENS[number // 10 % 10]
    return next(word for power, word in POWERS.items() if number % 10**power == 0)
