"""What people fill in about proposals: authors while writing, the office and neighbours afterwards."""

from portal.proposals.forms.writing import (
    EditForm,
    ForWhomForm,
    LanguageForm,
    NeedForm,
    PictureForm,
    PlaceFields,
    TitleForm,
    WhatForm,
    WhereForm,
    WhyForm,
    WithdrawForm,
    edit_data,
    language_choices,
    language_name,
    place_data,
)

__all__ = [
    "EditForm",
    "ForWhomForm",
    "LanguageForm",
    "NeedForm",
    "PictureForm",
    "PlaceFields",
    "TitleForm",
    "WhatForm",
    "WhereForm",
    "WhyForm",
    "WithdrawForm",
    "edit_data",
    "language_choices",
    "language_name",
    "place_data",
]
