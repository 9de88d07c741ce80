"""Kind words in place of WTForms' own messages. Ours stand in the catalogues; WTForms' are looked up here.

Extraction finds them because they are marked; WTForms fills in the placeholders, so they keep their names.
"""

from __future__ import annotations

from portal.core.i18n import N_


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """Marks a pair of plural forms for extraction."""
    return singular, plural


NO_DAY = N_("Please enter a day, for example 2026-05-24.")
NOTHING_THERE = N_("Please fill this in.")
# What a browser sends of a half-filled day or time: nothing. Without scripts nobody tells the person there.
NOTHING_WHOLE = N_("Please fill in all parts: half a day or half a time does not reach us.")
NOTHING_CHOSEN = N_("Please choose one of the answers.")
# Said by our own field for whole numbers (web/forms.py).
NOT_A_NUMBER = N_("Please write a whole number in digits, from %(min)s to %(max)s.")
OUT_OF_BOUNDS = N_("Please enter a number from %(min)s to %(max)s.")
ONLY_ONE = N_("Only %(min)s is possible here.")

SAID: dict[str, str] = {
    "This field is required.": NOTHING_THERE,
    "Field must be equal to %(other_name)s.": N_("This must be the same as %(other_name)s."),
    "Field must be between %(min)d and %(max)d characters long.": N_(
        "Please write between %(min)d and %(max)d characters."
    ),
    "Number must be at least %(min)s.": N_("Please enter %(min)s or more."),
    "Number must be at most %(max)s.": N_("Please enter %(max)s or less."),
    "Number must be between %(min)s and %(max)s.": OUT_OF_BOUNDS,
    "Date must be at least %(min)s.": N_("Please choose %(min)s or later."),
    "Date must be at most %(max)s.": N_("Please choose %(max)s or earlier."),
    "Date must be between %(min)s and %(max)s.": N_("Please choose a day from %(min)s to %(max)s."),
    "Invalid input.": N_("Please check this entry."),
    "Invalid email address.": N_("This does not look like an e-mail address."),
    "Invalid IP address.": N_("Please check this entry."),
    "Invalid Mac address.": N_("Please check this entry."),
    "Invalid URL.": N_("This does not look like a web address."),
    "Invalid UUID.": N_("Please check this entry."),
    "Invalid value, must be one of: %(values)s.": N_("Please choose one of: %(values)s."),
    "Invalid value, can't be any of: %(values)s.": N_("Please choose something other than: %(values)s."),
    "This field cannot be edited.": N_("This cannot be changed here."),
    "This field is disabled and cannot have a value.": N_("This cannot be changed here."),
    "Invalid CSRF Token.": N_("The page was open for too long. Please send it again."),
    "CSRF token missing.": N_("The page was open for too long. Please send it again."),
    "CSRF failed.": N_("The page was open for too long. Please send it again."),
    "CSRF token expired.": N_("The page was open for too long. Please send it again."),
    "Invalid Choice: could not coerce.": N_("Please choose one of the answers."),
    "Not a valid choice.": NOTHING_CHOSEN,
    "Invalid choice(s): one or more data inputs could not be coerced.": N_("Please choose from the answers."),
    "Not a valid datetime value.": N_("Please enter day and time, for example 2026-05-24 18:00."),
    "Not a valid date value.": NO_DAY,
    "Not a valid time value.": N_("Please enter a time, for example 18:00."),
    "Not a valid week value.": N_("Please enter a week."),
    "Not a valid integer value.": N_("Please enter a whole number."),
    "Not a valid decimal value.": N_("Please enter a number."),
    "Not a valid float value.": N_("Please enter a number."),
}

COUNTED: dict[str, tuple[str, str]] = {
    "Field must be at least %(min)d character long.": NN_(
        "Please write at least %(min)d character.", "Please write at least %(min)d characters."
    ),
    "Field cannot be longer than %(max)d character.": NN_(
        "Please write at most %(max)d character.", "Please write at most %(max)d characters."
    ),
    "Field must be exactly %(max)d character long.": NN_(
        "Please write exactly %(max)d character.", "Please write exactly %(max)d characters."
    ),
    "'%(value)s' is not a valid choice for this field.": NN_(
        "“%(value)s” is not one of the answers.", "“%(value)s” are not among the answers."
    ),
}
