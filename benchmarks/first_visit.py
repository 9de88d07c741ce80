"""`python -m benchmarks.first_visit`: how long a first visit takes on a slow phone, in Chromium.

Cold cache, throttled by the browser itself: slow 3G (400 kbit/s, 2 s) and slow 4G (1.44 Mbit/s, 560 ms), CPU
six times slower. Latency is added per request; the slow start of TCP is not imitated.
"""

from __future__ import annotations

import sys
import tempfile
from statistics import median
from typing import Any

from playwright.sync_api import Browser, sync_playwright

import benchmarks.seeding  # noqa: F401 - adds what fills the towns
from benchmarks.processes import running
from benchmarks.towns import fill
from tests.support.browser import OPTIONS, chromium

NETWORKS = {"slow 3G": (400, 2_000, 3.0), "slow 4G": (1_440, 560, 1.5)}
PAGES = {"home": "/de/", "list": "/de/proposals"}
RUNS = 3
WATCH = """
window.lcp = 0; window.cls = 0;
new PerformanceObserver(l => { for (const e of l.getEntries()) window.lcp = e.startTime })
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(l => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.cls += e.value })
  .observe({type: 'layout-shift', buffered: true});
"""


def visit(browser: Browser, url: str, kilobits: int, latency: int) -> tuple[float, float]:
    """Seconds to the largest paint, and how much the layout shifted, in a browser that was never here."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.add_init_script(WATCH)
    devtools: Any = context.new_cdp_session(page)
    speed = kilobits * 1000 / 8
    devtools.send("Network.enable")
    conditions = {
        "offline": False,
        "latency": latency,
        "downloadThroughput": speed,
        "uploadThroughput": speed,
    }
    devtools.send("Network.emulateNetworkConditions", conditions)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.goto(url, wait_until="load", timeout=60_000)
    page.wait_for_timeout(500)
    found = page.evaluate("[window.lcp / 1000, window.cls]")
    context.close()
    return found[0], found[1]


def main() -> int:
    """Prints a table of medians."""
    print("| page | network | LCP s | CLS | goal |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = {"instance": f"{folder}/town", "worker": "0"}
        fill(settings, 1_000)
        with running("portal", "serve", ready="/healthz", **settings) as portal:
            browser = playwright.chromium.launch(executable_path=chromium(), args=OPTIONS)
            for name, path in PAGES.items():
                for network, (kilobits, latency, goal) in NETWORKS.items():
                    url = f"http://localhost:{portal.port}{path}"
                    runs = [visit(browser, url, kilobits, latency) for _ in range(RUNS)]
                    lcp, cls = (median(run[index] for run in runs) for index in (0, 1))
                    kept = "✓" if lcp <= goal and cls <= 0.02 else "✗"
                    goals = f"LCP ≤ {goal} s, CLS ≤ 0.02 {kept}"
                    print(f"| {name} | {network} | {lcp:.2f} | {cls:.3f} | {goals} |", flush=True)
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
