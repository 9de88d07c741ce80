"""Mails: exactly our headers and our body after re-reading them with two independent parsers."""

import email
import email.policy
import quopri
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.mailsafe import BadAddress, BadHeader, build_message, clean_header, valid_address

HEADERS = {
    "From", "To", "Subject", "Message-ID", "Date", "Content-Language", "Auto-Submitted",
    "List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
}  # fmt: skip
UNSUBSCRIBE = "https://town.example/de/unsubscribe/abc"

HOSTILE = [
    "=?utf-8?b?CkJjYzogeEB5Lno=?=",
    "=?utf-8?q?=0AReply-To:_evil=40x=0A=0AClick?=",
    "Hallo\r\nBcc: x@y.example",
    "Hallo\n\nneuer Text",
    "a\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: x@y.example",
    "=\x00?utf-8?q?=0ABcc:_x=40y?\x00=",
    "==??utf-8?q?=0ABcc:_x=40y??==",
    "=\u200b?utf-8?q?x?\u200b=",
    "\u202enetsok nehcaM",
    "x" * 5000,
    "=?" * 500,
    "ä" * 300,
    '"; Bcc: x@y.example',
    "<x@evil.example>, y@evil.example",
    "(comment) \\",
]


def _message(**changes: object) -> EmailMessage:
    values: dict[str, object] = {
        "sender": "portal@town.example",
        "sender_name": "Nachbarnetz Lindental",
        "recipient": "anna@post.example",
        "subject": "Antwort auf Ihren Vorschlag",
        "text": "Guten Tag,\nes gibt eine Antwort.\n",
        "html": "<p>Guten Tag, es gibt eine Antwort.</p>",
        "message_id": "<job.17@town.example>",
        "list_unsubscribe": UNSUBSCRIBE,
        "language": "de",
        "sent_at": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
    }
    return build_message(**(values | changes))  # type: ignore[arg-type]


def _raw_headers(wire: bytes) -> list[tuple[str, str]]:
    """The headers as a server sees them, read by 10 lines of our own (RFC 5322, section 2.2)."""
    head = wire.split(b"\r\n\r\n", 1)[0].decode("ascii")
    headers: list[tuple[str, str]] = []
    for line in head.split("\r\n"):
        if line[:1] in " \t":
            name, value = headers[-1]
            headers[-1] = (name, value + line)
        else:
            name, _, value = line.partition(":")
            headers.append((name, value.strip()))
    return headers


def _assert_as_expected(message: EmailMessage, text: str) -> None:
    wire = message.as_bytes()
    names = [name for name, _ in _raw_headers(wire)]
    assert len(names) == len(HEADERS)
    assert set(names) == HEADERS
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
    for reader_policy in (email.policy.default, email.policy.compat32):
        parsed = email.message_from_bytes(wire, policy=reader_policy)
        assert sorted(parsed.keys()) == sorted(HEADERS)
        assert not parsed.defects
        bodies = [part for part in parsed.walk() if not part.is_multipart()]
        assert [part.get_content_type() for part in bodies] == ["text/plain", "text/html"]
        body = bodies[0].get_payload(decode=True)
        assert isinstance(body, bytes)
        assert body.decode().replace("\r\n", "\n") == text


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("where", ["subject", "sender_name"])
def test_hostile_words_add_no_header_and_no_body(hostile: str, where: str) -> None:
    text = "Guten Tag,\nes gibt eine Antwort.\n"
    message = _message(**{where: hostile})
    _assert_as_expected(message, text)
    read = email.message_from_bytes(message.as_bytes(), policy=email.policy.default)
    assert read["To"].addresses[0].addr_spec == "anna@post.example"
    assert len(read["To"].addresses) == len(read["From"].addresses) == 1
    assert read["From"].addresses[0].addr_spec == "portal@town.example"


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.text(max_size=120), st.text(max_size=400))
def test_any_words_give_the_expected_mail(subject: str, name: str, body: str) -> None:
    body = body.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").rstrip("\n") + "\n"
    _assert_as_expected(_message(subject=subject, sender_name=name, text=body), body)


def test_long_unsubscribe_link_is_written_as_it_is() -> None:
    link = UNSUBSCRIBE + "?token=" + "aB-_" * 100
    headers = dict(_raw_headers(_message(list_unsubscribe=link).as_bytes()))
    assert headers["List-Unsubscribe"] == f"<{link}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_subject_in_five_scripts_arrives_as_it_was() -> None:
    subject = "Antwort – Büşra, Олена und فاطمة: 100 % 👍"
    read = email.message_from_bytes(_message(subject=subject).as_bytes(), policy=email.policy.default)
    assert read["Subject"] == subject


def test_header_values_are_cleaned_to_one_short_line() -> None:
    assert clean_header(" Ein\r\n  Titel\t mit\x00 Raum ") == "Ein Titel mit Raum"
    assert clean_header("=?utf-8?b?Cg==?=") == "= ?utf-8?b?Cg== ? ="
    assert "=?" not in clean_header("==??==??")
    assert "?=" not in clean_header("==??==??")
    assert len(clean_header("x" * 900)) == 200
    assert clean_header("Ist 2 = 2?") == "Ist 2 = 2?"


def test_bodies_keep_their_words_and_lose_only_what_cannot_be_sent() -> None:
    message = _message(text="a\r\n.b\r\nFrom x\x00\ud800" + "ü" * 3000 + "\n", html=None)
    parsed = email.message_from_bytes(message.as_bytes())
    payload = parsed.get_payload()
    assert isinstance(payload, str)
    assert quopri.decodestring(payload).decode() == "a\r\n.b\r\nFrom x?" + "ü" * 3000 + "\r\n"


@pytest.mark.parametrize(
    ("typed", "address", "canonical"),
    [
        ("anna@post.example", "anna@post.example", "anna@post.example"),
        ("  Anna.B+portal@POST.Example ", "Anna.B+portal@post.example", "anna.b+portal@post.example"),
        ("a@münchen.de", "a@xn--mnchen-3ya.de", "a@xn--mnchen-3ya.de"),
    ],
)
def test_address_and_its_canonical_form(typed: str, address: str, canonical: str) -> None:
    checked = valid_address(typed)
    assert (checked.address, checked.canonical) == (address, canonical)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "anna",
        "a@b.example, c@evil.example",
        "a@b.example;c@evil.example",
        "a@b.example c@evil.example",
        "a@b.example\r\nBcc: c@evil.example",
        "a@b.example\n",
        '"x\\" <y@evil.example>"@b.example',
        "Anna <a@b.example>",
        "<a@b.example>",
        "a@[127.0.0.1]",
        "a@localhost",
        "a@b@c.example",
        "ä@b.example",
        "a\u200b@b.example",
        "a" * 250 + "@b.example",
        "=?utf-8?q?x?=@b.example\x00",
    ],
)
def test_anything_but_one_address_is_refused(typed: str) -> None:
    if typed.endswith("\n") and typed.strip() == "a@b.example":
        # White space around the address is a slip of the paste, not an attack.
        assert valid_address(typed).address == "a@b.example"
        return
    with pytest.raises(BadAddress):
        valid_address(typed)


@pytest.mark.parametrize(
    "change",
    [
        {"message_id": "job17"},
        {"message_id": "<a@b>\r\nX: y"},
        {"list_unsubscribe": "https://a.example/>\r\nBcc: x@y"},
        {"list_unsubscribe": "javascript:alert(1)"},
        {"language": "de\r\nX: y"},
        {"sent_at": datetime(2026, 1, 1)},  # a naive time is the point
    ],
)
def test_broken_values_of_our_own_are_an_error(change: dict[str, object]) -> None:
    with pytest.raises(BadHeader):
        _message(**change)


def test_mail_goes_to_one_bare_address_only() -> None:
    with pytest.raises(BadAddress):
        _message(recipient="a@b.example, c@evil.example")
    with pytest.raises(BadAddress):
        _message(sender="Evil <c@evil.example>")
