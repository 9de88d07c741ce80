"""The measured pitfalls P1 to P18 of our own stack, and the tests that show that we do not fall into them."""

from __future__ import annotations

COVERED: dict[str, tuple[str, ...]] = {
    # Duplicates between check and insert.
    "P1": (
        "core/test_db.py::test_unique_and_on_conflict_hold_against_parallel_writers",
        "proposals/test_supporting.py::test_a_double_tap_from_many_threads_is_one_support",
    ),
    # Closing while people vote.
    "P2": (
        "rounds/test_box_races.py::test_whoever_was_told_counted_is_in_the_file",
        "rounds/test_box_races.py::test_a_vote_waits_for_whoever_is_closing",
    ),
    # Flask-Login accepts copied cookies after sign-out.
    "P3": (
        "accounts/test_sessions.py::test_replay_after_the_end",
        "trust/test_ex_members.py::test_out_on_the_next_request",
    ),
    # Flask limits nothing by itself.
    "P4": (
        "trust/test_pitfalls.py::test_bodies_cookies_and_hosts_are_limited",
        "trust/test_hostile.py::test_a_flood_of_fields_is_refused_at_once",
        "web/test_uploads.py::test_each_route_has_its_limit",
        "core/test_settings.py::test_unsafe_production_is_refused_with_one_sentence",
    ),
    # Redirects that look local.
    "P5": ("web/test_redirects.py::test_no_string_leads_away",),
    # Encoded words that write mail headers.
    "P6": (
        "core/test_mailsafe.py::test_hostile_words_add_no_header_and_no_body",
        "notifications/test_delivery.py::test_titles_cannot_write_headers",
    ),
    # No Referer, no POST; tokens that run out while somebody writes.
    "P7": ("trust/test_pitfalls.py::test_over_https_without_a_referer_and_after_a_day",),
    # htmx's own styles and eval under a strict policy; attributes that people type.
    "P8": (
        "trust/test_pitfalls.py::test_htmx_is_tamed",
        "browser/test_hostile.py::test_what_others_typed_is_only_text",
    ),
    # A sign-in page inside a fragment.
    "P9": (
        "accounts/test_waiting.py::test_htmx_reading_is_sent_to_sign_in",
        "trust/test_pitfalls.py::test_no_fragment_holds_the_sign_in_page",
    ),
    # Small files that become large pictures; comments that survive.
    "P10": (
        "content/test_pictures.py::test_a_decompression_bomb_is_refused_by_its_header",
        "core/test_pictures.py::test_nothing_but_pixels_is_kept",
        "core/test_pictures.py::test_memory_stays_bounded",
    ),
    # Third-party pictures in texts.
    "P11": (
        "core/test_text.py::test_attacks_become_text",
        "core/test_text.py::test_pictures_become_links_with_their_words",
    ),
    # Slow clients.
    "P12": (
        "web/test_server.py::test_probes_answer_while_hundreds_of_slow_and_silent_clients_hold_on",
        "web/test_server.py::test_dripping_headers_and_bodies_and_silent_clients_are_let_go",
    ),
    # Processes that are killed.
    "P13": (
        "trust/test_pitfalls.py::test_killed_while_writing",
        "rounds/test_box_races.py::test_killed_between_storing_and_answering",
        "notifications/test_mail_server.py::test_killed_at_random_points_loses_nothing",
    ),
    # A reader that turns writer.
    "P15": ("core/test_db.py::test_read_then_write_never_finds_the_database_locked",),
    # A full disk.
    "P16": ("trust/test_pitfalls.py::test_a_full_disk",),
    # The walk fits into every test run.
    "P17": (
        "trust/test_walk.py::test_every_route_is_expected",
        "web/test_requests.py::test_an_undeclared_route_stops_the_start",
    ),
    # Nights with two half past two.
    "P18": (
        "trust/test_pitfalls.py::test_the_night_with_two_half_past_two",
        "core/test_db.py::test_a_naive_instant_is_refused",
    ),
}
NOT_YET = {"P14": "the backup command follows"}
