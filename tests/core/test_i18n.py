"""Words: fall-back chains, lazy words, CLDR dates and numbers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import time_machine

from portal.core import i18n
from portal.core.i18n import LANGUAGES, lazy_gettext, translations_for, use_language


def test_every_language_names_its_direction_and_a_valid_html_language() -> None:
    assert {language.slug: language.dir for language in LANGUAGES.values()} == {
        "de": "ltr", "leicht": "ltr", "en": "ltr", "tr": "ltr", "uk": "ltr", "ar": "rtl",
    }  # fmt: skip
    assert LANGUAGES["leicht"].html_lang == "de-simple"


def test_an_untranslated_message_is_shown_in_english_with_its_values() -> None:
    with use_language("ar"):
        assert i18n.gettext("No such message %(n)s", n=3) == "No such message 3"
        assert i18n.ngettext("%(num)s thingy", "%(num)s thingies", 2) == "2 thingies"


def test_lazy_words_follow_the_language_of_the_reader() -> None:
    word = lazy_gettext("No such message")
    assert str(word) == "No such message"
    assert word == "No such message"
    assert len(word) == 15
    assert word + "!" == "No such message!"


def test_dates_and_numbers_are_the_languages_own_with_latin_digits() -> None:
    day = date(2026, 10, 3)
    shown = {}
    for slug in LANGUAGES:
        with use_language(slug):
            shown[slug] = i18n.format_date(day)
    assert shown["de"] == shown["leicht"] == "3. Oktober 2026"
    assert shown["en"] == "October 3, 2026"
    assert shown["tr"] == "3 Ekim 2026"
    assert "2026" in shown["ar"]
    with use_language("de"):
        assert i18n.format_number(1234567) == "1.234.567"
        assert i18n.format_money_cents(123400) == "1.234\xa0€"
        assert i18n.format_money_cents(123450) == "1.234,50\xa0€"


def test_instants_are_shown_in_the_towns_zone() -> None:
    with use_language("de"):
        assert i18n.format_datetime(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == "2. Juli 2026, 00:30 Uhr"
    with use_language("de"), time_machine.travel("2026-07-01 12:00Z", tick=False):
        assert i18n.format_relative(i18n.clock.now() - timedelta(days=3)) == "vor 3 Tagen"


def test_an_unknown_language_falls_back_to_the_default() -> None:
    with use_language("xx"):
        assert i18n.current_language().slug == i18n.DEFAULT_LANGUAGE


def test_all_who_fall_back_on_german_share_it() -> None:
    """A catalogue takes 1.4 MB; four languages had a copy each."""
    for slug in ("leicht", "tr", "uk", "ar"):
        assert translations_for(slug)._fallback is translations_for("de")
        assert translations_for(slug).gettext("no such message") == "no such message"
