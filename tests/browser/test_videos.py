"""A video recorded in a real browser, sent, and played: nothing is loaded before somebody presses play."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from portal.core.db import transaction
from tests.support.browser import Visit, as_person, check_accessible
from tests.support.factories import make_resident
from tests.support.factories_proposals import make_proposal

pytestmark = pytest.mark.browser

RECORD = """async () => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 240})
  const pen = canvas.getContext('2d'), parts = []
  const recorder = new MediaRecorder(canvas.captureStream(25), {mimeType: 'video/webm'})
  recorder.ondataavailable = event => parts.push(event.data)
  recorder.start()
  for (let i = 0; i < 50; i++) {
    pen.fillStyle = `hsl(${i * 7}, 80%, 50%)`
    pen.fillRect(0, 0, 320, 240)
    await new Promise(then => setTimeout(then, 40))
  }
  await new Promise(then => { recorder.onstop = then; recorder.stop() })
  return Array.from(new Uint8Array(await new Blob(parts).arrayBuffer()))
}"""
PLAY = """async () => {
  const video = document.querySelector('video')
  video.muted = true
  await video.play()
  while (video.currentTime < 0.5) await new Promise(then => setTimeout(then, 20))
  return [video.videoWidth, video.videoHeight]
}"""


def film(page: Page) -> bytes:
    """Two seconds of colours, as the browser writes them: of unknown length, with clusters."""
    return bytes(page.evaluate(RECORD))


def test_recorded_sent_and_played(app: Flask, visit: Visit) -> None:
    author = make_resident()
    with transaction():
        pid = make_proposal(author=author, title="Eine Bank", with_thread=True).public_id
    page = visit(f"/en/proposals/{pid}/video", **as_person(app, author))
    recorded = film(page)
    page.locator("input[name=video]").set_input_files(
        files=[{"name": "film.webm", "mimeType": "video/webm", "buffer": recorded}]
    )
    page.locator("textarea[name=words]").fill("Eine Bank unter der Linde.")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("video")).to_be_visible()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(f"/en/proposals/{pid}")
    expect(page.get_by_text("WEBM,")).to_be_visible()
    assert [one for one in loaded if "/videos/" in one] == []
    check_accessible(page)
    with page.expect_response("**/videos/*.webm") as answered:
        assert page.evaluate(PLAY) == [320, 240]
    assert answered.value.status == 206
    page.get_by_text("What is signed, in words").click()
    expect(page.get_by_text("Eine Bank unter der Linde.").last).to_be_visible()
