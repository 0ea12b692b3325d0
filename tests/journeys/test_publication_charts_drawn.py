"""Charts in a real browser, under the site's content security policy, with and without JavaScript."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import pytest
from playwright.sync_api import Page, sync_playwright

import oneworkforce.publication
from oneworkforce.publication.core.charts import Chart
from oneworkforce.publication.static_build import build_chart_javascript
from tests.core.test_publication_charts import CHARTS
from tools.browser import find

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("publication_charts")]

PACKAGE = Path(oneworkforce.publication.__file__).parent
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'"
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Charts</title>{{ f.scripts() }}</head><body><main><h1>Charts</h1>
{% for name, chart in charts.items() %}{{ f.figure(chart, id=loop.index, downloads={"CSV": "/x.csv"}) }}{% endfor %}</main></body></html>"""


def _page() -> str:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(PACKAGE / "templates"), autoescape=True)
    environment.globals["static"] = lambda path: f"/static/{path}"
    charts: dict[str, Chart] = {name: make() for name, make in CHARTS.items()}
    template = environment.from_string('{% import "publication/figure.html" as f %}' + PAGE)
    return template.render(charts=charts)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of one page and its scripts, under the policy."""
    files = {"/": ("text/html; charset=utf-8", _page().encode())}
    script = build_chart_javascript(tmp_path_factory.mktemp("built"))
    files["/static/built/vega.js"] = ("text/javascript", script.read_bytes())
    for path in (PACKAGE / "static").rglob("*.*"):
        kind = "text/css" if path.suffix == ".css" else "text/javascript"
        files[f"/static/{path.relative_to(PACKAGE / 'static').as_posix()}"] = (kind, path.read_bytes())

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = files.get(self.path, ("text/plain", b""))
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def open_page(address: str) -> Iterator[Callable[..., tuple[Page, list[str]]]]:
    """open_page(javascript=True): the page and what the browser complained of."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=["--no-sandbox"])

        def opened(javascript: bool = True, width: int = 1100) -> tuple[Page, list[str]]:
            page = browser.new_page(java_script_enabled=javascript, viewport={"width": width, "height": 900})
            complaints: list[str] = []
            page.on("console", lambda message: complaints.append(message.text) if message.type in ("error", "warning") else None)
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(address, wait_until="networkidle")
            return page, complaints

        yield opened
        browser.close()


def test_every_chart_is_drawn_under_the_policy_without_a_complaint(open_page: Callable[..., tuple[Page, list[str]]]) -> None:
    page, complaints = open_page()
    page.wait_for_function("document.querySelectorAll('[data-ow-chart=waiting], [data-ow-chart=drawn]').length === 0")
    assert page.locator("[data-ow-chart=shown] svg").count() == len(CHARTS)
    assert complaints == []
    labels = page.locator("[data-ow-chart=shown] [data-ow-chart-place]").evaluate_all("all => all.map(e => e.getAttribute('aria-label'))")
    assert labels == [make().summary for make in CHARTS.values()]


def test_a_chart_tells_its_figures_under_the_pointer(open_page: Callable[..., tuple[Page, list[str]]]) -> None:
    page, complaints = open_page()
    bar = page.locator("#figure-3 [aria-roledescription=bar]").first
    bar.wait_for()
    bar.hover()
    page.locator("#vg-tooltip-element.visible").wait_for()
    assert "355" in page.locator("#vg-tooltip-element").inner_text()
    assert complaints == []


def test_a_chart_fits_a_phone(open_page: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = open_page(width=360)
    page.locator("#figure-1 svg").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= 360")


def test_without_javascript_sentence_and_table_stand_alone(open_page: Callable[..., tuple[Page, list[str]]]) -> None:
    page, _ = open_page(javascript=False)
    assert page.locator(".ow-figure__summary").first.is_visible()
    assert page.locator("#figure-1 table").is_visible()
    assert not page.locator("[data-ow-chart-place]").first.is_visible()
