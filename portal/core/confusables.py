"""Letters that look like other letters: the part of the problem that names in our towns meet.

Written by hand from looking at the letters in common typefaces; idea of the skeleton after Unicode
Technical Standard 39, section 4. Not its table: 6,000 rows for scripts whose words `names` refuses to
mix anyway.
"""

# Cyrillic, Greek, Armenian and others that look like a Latin letter, all in lower case; the capitals
# that look Latin while their small letter does not (В, Н, Р …) are handled by LOOKALIKE_CAPITALS.
LOOKALIKES = {
    # Cyrillic
    "а": "a", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "ӏ": "l", "о": "o", "р": "p",
    "ԛ": "q", "ѕ": "s", "у": "y", "ү": "y", "ԝ": "w", "х": "x", "ѵ": "v", "ѡ": "w", "ԍ": "g", "ѐ": "e",
    "ё": "e", "ї": "i", "ӓ": "a", "ґ": "r", "й": "и", "ѝ": "и", "к": "k", "п": "n", "т": "t", "м": "m",
    "г": "r", "ѳ": "o", "ө": "o", "ә": "e", "ь": "b", "в": "b", "н": "h", "з": "3",
    # Greek; the small letters by the look of their capitals, so that case makes no difference
    "α": "a", "β": "b", "γ": "y", "ε": "e", "ζ": "z", "η": "h", "ι": "i", "κ": "k", "μ": "m", "ν": "n",
    "ο": "o", "ρ": "p", "σ": "e", "ς": "e", "τ": "t", "υ": "y", "χ": "x", "ω": "w", "ϲ": "c", "ϳ": "j",
    "ϱ": "p",
    # Armenian, Cherokee-like and Lisu-like letters, Latin letters of other alphabets
    "օ": "o", "ս": "u", "ո": "n", "հ": "h", "ց": "g", "զ": "q", "ա": "w", "տ": "s", "լ": "l", "ք": "p",
    "ⲟ": "o", "ⲁ": "a", "ⲥ": "c", "ⲣ": "p", "ⲭ": "x", "ꞵ": "b", "ɑ": "a", "ɡ": "g", "ı": "i", "ɩ": "i",
    "ɪ": "i", "ʟ": "l", "ɴ": "n", "ʀ": "r", "ʏ": "y", "ɢ": "g", "ʙ": "b", "ʜ": "h", "ᴀ": "a", "ᴄ": "c",
    "ᴅ": "d", "ᴇ": "e", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m", "ᴏ": "o", "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v",
    "ᴡ": "w", "ᴢ": "z", "ꜱ": "s", "ꜰ": "f", "ɛ": "e", "ɔ": "c", "ƒ": "f", "ʋ": "u", "ɾ": "r", "ɍ": "r",
    "ǀ": "l", "ǃ": "i", "ꞁ": "l", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ƀ": "b",
    "ɓ": "b", "ƈ": "c", "ɗ": "d", "ɖ": "d", "ǝ": "e", "ə": "e", "ɇ": "e", "ǥ": "g", "ɠ": "g", "ɦ": "h",
    "ɨ": "i", "ɉ": "j", "ƙ": "k", "ƚ": "l", "ɫ": "l", "ƞ": "n", "ɲ": "n", "ŋ": "n", "ɵ": "o", "ƥ": "p",
    "ʠ": "q", "ƭ": "t", "ʈ": "t", "ʉ": "u", "ɏ": "y", "ƴ": "y", "ƶ": "z", "ȥ": "z", "ʐ": "z", "ɱ": "m",
    "æ": "ae", "œ": "oe", "þ": "p", "ß": "ss", "ƿ": "p", "ȝ": "3", "ʒ": "3",
}  # fmt: skip

# Capitals whose small letter looks different, so that they must be read before the case is folded.
LOOKALIKE_CAPITALS = {
    # Cyrillic
    "В": "b", "Н": "h", "Р": "p", "С": "c", "У": "y", "Х": "x", "М": "m", "Т": "t", "К": "k", "З": "3",
    "Ԍ": "g", "Ү": "y",
    # Greek
    "Α": "a", "Β": "b", "Ε": "e", "Ζ": "z", "Η": "h", "Ι": "i", "Κ": "k", "Μ": "m", "Ν": "n", "Ο": "o",
    "Ρ": "p", "Τ": "t", "Υ": "y", "Χ": "x", "Σ": "e", "Ϲ": "c", "Ϳ": "j",
    # Armenian, Cherokee, Lisu
    "Օ": "o", "Ս": "u", "Տ": "s", "Լ": "l", "Ꭺ": "a", "Ꭰ": "d", "Ꭼ": "e", "Ꮋ": "h", "Ꭻ": "j", "Ꮶ": "k",
    "Ꮇ": "m", "Ꮲ": "p", "Ꮪ": "s", "Ꭲ": "i", "Ꭱ": "r", "Ꮃ": "w", "Ꮓ": "z", "Ꮯ": "c", "Ᏼ": "b", "Ꮩ": "v",
    "ꓮ": "a", "ꓓ": "d", "ꓟ": "m", "ꓲ": "i", "ꓠ": "n", "ꓳ": "o", "ꓢ": "s", "ꓔ": "t",
}  # fmt: skip

# What somebody types to get round a list of forbidden words: figures and signs for letters.
LETTERS_FOR_FIGURES = {
    "0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "6": "g", "7": "t", "8": "b", "9": "g",
    "|": "i", "!": "i", "$": "s", "@": "a", "€": "e", "+": "t",
}  # fmt: skip

# Pairs of letters that run together into another letter.
LETTER_PAIRS = (("rn", "m"), ("vv", "w"))
